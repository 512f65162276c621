import type { NodeId, RevisionId } from '../../src/common/ids.ts';
import { nameKey } from '../../src/common/name.ts';
import type { StateRow } from '../../src/vault/state-row.ts';
import type { KeptRevision, VaultNode, VaultTree } from '../../src/vault/vault-tree.ts';

/** A vault's state in plain maps, by scans: slow, and nothing to get wrong. */
export interface MemoryVaultTree extends VaultTree {
  readonly nodes: ReadonlyMap<NodeId, VaultNode>;
  readonly revisions: ReadonlyMap<RevisionId, KeptRevision>;
  /** As a checkpoint lists them. */
  rows(): StateRow[];
}

export function memoryVaultTree(rows: Iterable<StateRow> = []): MemoryVaultTree {
  const nodes = new Map<NodeId, VaultNode>();
  const revisions = new Map<RevisionId, KeptRevision>();
  for (const row of rows) {
    if (row.type === 'node') nodes.set(row.node.id, row.node);
    else revisions.set(row.revision.revision, row.revision);
  }
  const live = (parent: NodeId) => [...nodes.values()].filter((node) => !node.isDeleted && node.parent === parent);
  return {
    nodes,
    revisions,
    node: (id) => nodes.get(id) ?? null,
    liveChild: (parent, name) => live(parent).find((node) => nameKey(node.name) === nameKey(name))?.id ?? null,
    liveChildren: (parent) => live(parent).map((node) => node.id),
    revisionOwner: (revision) => revisions.get(revision)?.node ?? null,
    putNode: (node) => void nodes.set(node.id, node),
    addRevision: (revision) => void revisions.set(revision.revision, revision),
    removeRevisions(ids) {
      for (const id of ids) revisions.delete(id);
    },
    rows() {
      const found: StateRow[] = [];
      for (const id of [...nodes.keys()].sort()) {
        found.push({ type: 'node', node: nodes.get(id) as VaultNode });
        const kept = [...revisions.values()].filter((revision) => revision.node === id);
        kept.sort((a, b) => a.seq - b.seq || (a.revision < b.revision ? -1 : 1));
        for (const revision of kept) found.push({ type: 'revision', revision });
      }
      return found;
    },
  };
}
