import { assert, must } from '../common/errors.ts';
import type { NodeId } from '../common/ids.ts';
import type { IndexWriter } from './index-port.ts';
import type { NodeStore } from './node-store.ts';
import type { TreeReader } from './tree-reader.ts';

type TreeWriter = Pick<
  IndexWriter,
  | 'putLocal'
  | 'addLocal'
  | 'removeLocal'
  | 'renumberVolume'
  | 'adopt'
  | 'putVaultRow'
  | 'putSettled'
  | 'putSynced'
  | 'putAgreed'
  | 'removeSynced'
>;

/** `renameNode`: what other tables hold about the first node is now about the second. */
export function createTreeWriter(
  store: NodeStore,
  reader: TreeReader,
  renameNode: (from: NodeId, to: NodeId) => void,
): TreeWriter {
  const reparentLocalChildren = (from: NodeId, to: NodeId) => {
    for (const child of reader.localRowsOf(from)) store.change(child.id, { local: { ...child, parent: to } });
  };
  return {
    putLocal: (row) => store.change(row.id, { local: row }),
    addLocal: (row) => store.add(row.id, { local: row }),
    removeLocal: (id) => store.change(id, { local: null }),
    renumberVolume: store.renumberVolume,
    adopt: (localId, remoteId) => {
      const state = must(store.load(localId), 'the node to adopt is not known');
      const local = must(state.local, 'the node to adopt is not on disk');
      assert(state.vault === null && state.synced === null, 'a node that the vault knows cannot take another id');
      assert(reader.localRow(remoteId) === null, 'the node to become is on disk already');
      store.change(localId, { local: null });
      store.change(remoteId, { local: { ...local, id: remoteId } });
      reparentLocalChildren(localId, remoteId);
      renameNode(localId, remoteId);
    },
    putVaultRow: (row) => store.change(row.id, { vault: row }),
    putSettled: (row, agreed) => store.settle(row, agreed),
    putSynced: (node) => store.change(node.id, { synced: node }),
    putAgreed: (local, synced) => store.change(local.id, { local, synced }),
    removeSynced: (id) => store.change(id, { synced: null }),
  };
}
