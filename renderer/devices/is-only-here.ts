/** The server's address leads each computer to itself: no other one reaches this server. */
export function isOnlyHere(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
