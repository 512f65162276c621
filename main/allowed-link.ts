/** Places that the window may ask the system's browser to show: the project's own pages, by https. */
const hosts = new Set(['github.com']);
const paths = /^\/holdfast-sync\//;

export function isAllowedLink(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return hosts.has(url.hostname) && url.port === '' && paths.test(url.pathname);
}
