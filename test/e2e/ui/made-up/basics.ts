import type { PairId } from '../../../../src/common/ids.ts';

export const id = (n: number): string => n.toString(16).padStart(32, '0');
export const pairId = (n: number) => id(0x100 + n) as PairId;

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Before now, so that what is shown as "5 minutes ago" stays so. */
export const ago = (milliseconds: number): number => Date.now() - milliseconds;
