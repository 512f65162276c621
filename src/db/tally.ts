import type { NodeState } from './node-state.ts';

/** Sums over all nodes, kept by the writer so that a status costs nothing. The names are columns of `state`. */
export type Tally = Record<(typeof tallyColumns)[number], number>;

export const tallyColumns = [
  'synced_files',
  'synced_folders',
  'local_nodes',
  'remote_nodes',
  'deleted_nodes',
  'diverged',
  'bytes_up',
  'bytes_down',
] as const;

export const emptyTally = (): Tally => ({
  synced_files: 0,
  synced_folders: 0,
  local_nodes: 0,
  remote_nodes: 0,
  deleted_nodes: 0,
  diverged: 0,
  bytes_up: 0,
  bytes_down: 0,
});

/** Adds (`by` 1) or takes away (`by` -1) what a node counts for. */
export function tallyNode(tally: Tally, { local, vault, synced, isDiverged }: NodeState, by: 1 | -1): void {
  if (synced !== null) tally[synced.kind === 'file' ? 'synced_files' : 'synced_folders'] += by;
  if (local !== null) tally.local_nodes += by;
  if (vault !== null) tally[vault.isDeleted ? 'deleted_nodes' : 'remote_nodes'] += by;
  if (!isDiverged) return;
  tally.diverged += by;
  const remote = vault === null || vault.isDeleted ? null : vault;
  if (local?.revision === remote?.revision) return;
  const agreed = synced?.revision ?? null;
  if (local !== null && local.revision !== agreed) tally.bytes_up += by * local.size;
  if (remote !== null && remote.revision !== agreed) tally.bytes_down += by * remote.size;
}
