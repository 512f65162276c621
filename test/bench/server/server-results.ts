import type { Machine } from '../machine.ts';
import type { IdleCost } from './idle-clients.ts';
import type { LoadCost } from './load.ts';

export interface ServerResults {
  readonly machine: Machine;
  readonly commit: string;
  /** Requests under way at the same time. */
  readonly parallel: number;
  readonly loads: readonly LoadCost[];
  readonly idle: IdleCost | null;
}
