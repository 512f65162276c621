import type { Passage } from '../../src/engine/transfer/transfer-meter.ts';

/** For those who do not look at the progress. */
export const noPassage = (): Passage => ({ moved: () => undefined, end: () => undefined });
