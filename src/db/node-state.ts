import type { LocalNode, RemoteNode, SyncedNode } from '../model/node.ts';
import type { LocalRow, VaultRow } from './index-port.ts';

/** Whether a node needs a plan, by its three rows alone; `remote` is null for a deleted one. Pure and total. */
export type IsDiverged = (local: LocalNode | null, remote: RemoteNode | null, synced: SyncedNode | null) => boolean;

/** A row of `node`. */
export interface NodeState {
  readonly local: LocalRow | null;
  readonly vault: VaultRow | null;
  readonly synced: SyncedNode | null;
  readonly isDiverged: boolean;
}

/** A node that is nowhere but among the deleted ones needs none. */
export function needsPlan({ local, vault, synced }: NodeState, isDiverged: IsDiverged): boolean {
  const remote = vault === null || vault.isDeleted ? null : vault;
  return (local !== null || remote !== null || synced !== null) && isDiverged(local, remote, synced);
}
