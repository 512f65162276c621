import { randomFillSync } from 'node:crypto';
import type { Random } from '../common/ids.ts';

/** The operating system's generator. Tests inject fixed bytes instead; nothing else may. */
export const systemRandom: Random = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
};
