/** Milliseconds after which the system is asked anew: somebody may have told it of a certificate meanwhile. */
const askedFor = 10 * 60_000;

let askedAt = Number.NEGATIVE_INFINITY;

/**
 * From now on whatever connects by TLS also trusts whom this computer's system trusts: the authority of a company, or the one that
 * somebody made for a server at home. Node knows the public ones by itself; to read the system's takes up to a tenth of a second, so
 * it is asked for once a certificate is found wanting. Answers whether that may change anything. False where Node gives no access to them.
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
