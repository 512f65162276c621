import type { NodeId } from '../../common/ids.ts';
import type { IndexReader, VaultRow } from '../../db/index-port.ts';
import { isRestorable } from '../../model/is-restorable.ts';
import type { TrashItem } from '../../model/status.ts';
import type { CycleContext } from '../cycle-context.ts';
import { lastPath } from './last-path.ts';

/**
 * What can be brought back, latest deleted first: files in the trash of the folder here, and what was deleted in the
 * vault (a folder stands for all that was deleted with it).
 */
export async function listTrash(context: Pick<CycleContext, 'local'>): Promise<readonly TrashItem[]> {
  const { index, fs, clock } = context.local;
  const { read } = index;
  const now = clock.now();
  /** Its author's clock may stand years ahead. */
  const changedBefore = (batch: string): number => {
    const time = read.batch(batch)?.time ?? 0;
    return time <= now ? time : 0;
  };
  const local = (await fs.listTrash()).map(
    ({ batch, copy, path, size, keptUs }): TrashItem => ({
      batch,
      copy,
      path,
      size,
      // Not the time of the entry that names the batch: it is the last one before the change, and may be months older. But
      // not every volume notes when a file got its name.
      deletedAt: Math.max(Math.floor(keptUs / 1000), changedBefore(batch)),
      where: 'local',
    }),
  );
  return [...local, ...deletedInVault(read)].sort((a, b) => b.deletedAt - a.deletedAt);
}

function deletedInVault(read: IndexReader): TrashItem[] {
  const items: TrashItem[] = [];
  let group = new Map<NodeId, VaultRow>();
  let seq = -1;
  const take = (): void => {
    items.push(...topItems(read, group));
    group = new Map();
  };
  for (const row of read.deleted()) {
    if (row.seq !== seq) take();
    seq = row.seq;
    group.set(row.id, row);
  }
  take();
  return items;
}

/** Of what one entry deleted: the topmost nodes, with the size of all that went with them. */
function topItems(read: IndexReader, group: ReadonlyMap<NodeId, VaultRow>): TrashItem[] {
  const sizes = new Map<NodeId, number>();
  for (const row of group.values()) {
    let top = row;
    for (let up = group.get(top.parent); up !== undefined; up = group.get(top.parent)) top = up;
    const size = isRestorable(row) && row.kind === 'file' ? row.size : 0;
    sizes.set(top.id, (sizes.get(top.id) ?? 0) + size);
  }
  return [...sizes].flatMap(([id, size]) => {
    const row = group.get(id);
    const path = lastPath(read, id);
    if (row === undefined || path === null || !isRestorable(row)) return [];
    const deletedAt = Math.floor(row.timeUs / 1000);
    return [{ batch: String(row.seq), copy: 1, path, size, deletedAt, where: 'vault' as const }];
  });
}
