import type { NodeId } from '../../common/ids.ts';
import type { Index, IndexWriter, LocalRow } from '../../db/index-port.ts';
import { isFormer } from './former-rows.ts';

/** What a scan found, written to the index in groups: one transaction for many rows. */
export interface LocalChanges {
  put(row: LocalRow): void;
  /** Of a node that is new, after its folder. */
  add(row: LocalRow): void;
  /** What was agreed on of the node is no longer: no change of it is taken for a person's. */
  forgetBase(id: NodeId): void;
  /** The node and every local node below it; at once if it is a folder. What moved out of it was put before. */
  removeSubtree(row: LocalRow): void;
  flush(): void;
}

const groupSize = 1000;

export function localChanges(index: Index): LocalChanges {
  let pending: ((write: IndexWriter) => void)[] = [];

  const flush = (): void => {
    if (pending.length === 0) return;
    const changes = pending;
    pending = [];
    index.transaction((write) => {
      for (const change of changes) change(write);
    });
  };
  const take = (change: (write: IndexWriter) => void): void => {
    pending.push(change);
    if (pending.length >= groupSize) flush();
  };

  return {
    put: (row) => take((write) => write.putLocal(row)),
    add: (row) => take((write) => write.addLocal(row)),
    forgetBase: (id) => take((write) => write.removeSynced(id)),
    removeSubtree(row) {
      const isFolder = row.kind === 'folder';
      // What moved out of it is elsewhere by then.
      if (isFolder) flush();
      const gone: LocalRow[] = [];
      const stack = [row];
      for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
        gone.push(next);
        if (next.kind === 'folder') for (const child of index.read.localRowsOf(next.id)) stack.push(child);
      }
      // What is in a folder before the folder: should the process die between two groups, the next scan comes by what is left.
      for (const each of gone.reverse()) {
        take((write) => {
          write.removeLocal(each.id);
          if (isFormer(each)) write.removeSynced(each.id);
        });
      }
      if (isFolder) flush();
    },
    flush,
  };
}
