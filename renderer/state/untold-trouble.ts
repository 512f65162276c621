import type { PairStatus } from '../../src/model/status.ts';

/** What a folder needs its person for and no issue of it tells: its server lets this device in no more, say. Null if nothing. */
export const untoldTrouble = ({ state, message, messageKind }: PairStatus): string | null =>
  state === 'needs-attention' && messageKind === 'other' ? message : null;
