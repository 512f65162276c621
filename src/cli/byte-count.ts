const factors: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** A number of bytes as people write it, `500K` or `1.5 MiB`, in the units that are printed. Null if it is none. */
export function byteCount(text: string): number | null {
  const match = /^(\d{1,15}(?:\.\d+)?) ?(?:b|([kmgt])(?:ib)?)?$/.exec(text.toLowerCase());
  const bytes = Math.round(Number(match?.[1]) * (factors[match?.[2] ?? ''] ?? 1));
  return match === null || !Number.isSafeInteger(bytes) ? null : bytes;
}
