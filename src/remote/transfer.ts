import type { VaultId } from '../common/ids.ts';
import type { Calls } from './calls.ts';

/** What calls that carry objects of a vault have in common. */
export interface Transfer {
  readonly calls: Calls;
  readonly vault: VaultId;
  readonly signal: AbortSignal;
  /** As in `TransferOptions`. */
  readonly onMoved: (bytes: number) => void;
  readonly isLight: boolean;
}
