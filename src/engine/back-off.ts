/** Milliseconds to wait before the next try after so many failures: doubles, capped, with up to a quarter of jitter. */
export function backOffMs(
  attempts: number,
  random: number,
  limits: { readonly first: number; readonly most: number },
): number {
  const base = Math.min(limits.first * 2 ** Math.min(attempts - 1, 30), limits.most);
  return Math.round(base * (1 + random / 4));
}
