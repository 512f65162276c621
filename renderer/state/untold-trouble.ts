import type { PairStatus } from '../../src/model/status.ts';

/** Why a folder needs its person though no issue of it tells: its server lets this device in no more, say. Null if it does not. */
export const untoldTrouble = ({ state, message, issues, held }: PairStatus): string | null =>
  state === 'needs-attention' && issues + held === 0 ? message : null;
