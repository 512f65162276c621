/** Milliseconds after which the system is asked again: somebody may have added a certificate meanwhile. */
const askedFor = 10 * 60_000;

let askedAt = Number.NEGATIVE_INFINITY;

/**
 * From now on whatever connects by TLS also trusts the authorities that this computer's system trusts: a company's, or one made for a
 * server at home. Node knows the public ones by itself; reading the system's takes up to a tenth of a second, so that waits until a
 * certificate is not trusted. Answers whether it may change anything: false where Node gives no access to them.
 */
export function trustSystem(now = performance.now()): boolean {
  if (now - askedAt < askedFor) return false;
  askedAt = now;
  try {
    const { getCACertificates, setDefaultCACertificates } = process.getBuiltinModule('node:tls');
    const known = new Set(getCACertificates('default'));
    const news = getCACertificates('system').filter((certificate) => !known.has(certificate));
    if (news.length > 0) setDefaultCACertificates([...known, ...news]);
    return news.length > 0;
  } catch {
    return false;
  }
}
