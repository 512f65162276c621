import { timingSafeEqual } from 'node:crypto';

/** Equality without telling where the first difference is. Lengths are public. */
export const constantTimeEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/** Overwrites secrets when they are done with. Best effort: the engine may have copied them. */
export function wipe(...secrets: readonly (Uint8Array | null | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
