import type { Clock } from '../../common/clock.ts';

/** Tries in a row in which another device was first with its entry. */
export const maxSwapsLost = 8;

/** Waits before the next try, after `lost` of them: two devices that write at once must not keep step. */
export const afterLostSwap = (lost: number, clock: Clock, signal: AbortSignal): Promise<void> =>
  clock.sleep(Math.min(20 * 2 ** lost, 1000), signal);
