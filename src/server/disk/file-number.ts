/**
 * Numbers of files: start ‖ count, so that none is ever used twice, and a file of an earlier start is told by its number
 * alone, whatever the clock says. 2^21 starts, 2^32 files in each.
 */
export function createFileNumbers(start: number): () => number {
  let next = 1;
  return () => start * 2 ** 32 + next++;
}

export const startOf = (file: number): number => Math.floor(file / 2 ** 32);

export const fileName = (file: number): string => file.toString(16).padStart(14, '0');

export function parseFileName(name: string): number | null {
  return /^[0-9a-f]{14}$/.test(name) ? Number.parseInt(name, 16) : null;
}
