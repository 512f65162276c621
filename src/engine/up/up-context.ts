import type { Clock } from '../../common/clock.ts';
import type { VaultLog } from '../log/vault-log.ts';
import type { RoundEnd } from '../loop/round-end.ts';
import type { TransferMeter } from '../transfer/transfer-meter.ts';
import type { PrepareContext } from './prepare-contents.ts';

/** What changing the vault works with. */
export interface UpContext extends PrepareContext {
  readonly log: VaultLog;
  readonly meter: TransferMeter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly roundEnd: RoundEnd;
  /** Asked between operations: true ends the round early, without an error. */
  readonly isStopping: () => boolean;
}
