import type { NodeId, ObjectId, RevisionId } from '../../common/ids.ts';
import { remembered, rememberedNames } from '../../common/remembered.ts';
import type { IndexReader, IndexWriter, RevisionRow, VaultRow } from '../../db/index-port.ts';
import type { SyncedNode } from '../../model/node.ts';
import type { KeptRevision, VaultNode, VaultTree, VaultTreeReader } from '../../vault/vault-tree.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';
import type { SealedAhead } from '../up/seal-ahead.ts';

export const nodeOf = (row: VaultRow): VaultNode => ({
  id: row.id,
  kind: row.kind,
  parent: row.parent,
  name: row.name,
  isDeleted: row.isDeleted,
  revision: row.revision,
  seq: row.seq,
  timeUs: row.timeUs,
  deviceId: row.deviceId,
});

/** The vault's state as the index holds it, for the rules of the log. */
export const indexTreeReader = (read: IndexReader): VaultTreeReader => ({
  node(id) {
    const row = read.vaultRow(id);
    return row === null ? null : nodeOf(row);
  },
  liveChild: (parent, name) => read.remoteByName(parent, name)?.id ?? null,
  liveChildren: (parent) => read.remoteChildren(parent).map((child) => child.id),
  revisionOwner: (revision) => read.revision(revision)?.node ?? null,
});

/** What will be asked for: to look for much at once takes less than one by one. */
export interface Named {
  readonly nodes: readonly NodeId[];
  readonly revisions: readonly RevisionId[];
}

/** The same, each answer kept: for as long as nothing but an overlay over it changes the vault's tree. */
export function rememberedTreeReader(read: IndexReader, named: Named = { nodes: [], revisions: [] }): VaultTreeReader {
  const reader = indexTreeReader(read);
  const nodes = new Map<NodeId, VaultNode | null>(named.nodes.map((id) => [id, null]));
  for (const row of read.knownVaultRows(named.nodes)) nodes.set(row.id, nodeOf(row));
  const owners = new Map<RevisionId, NodeId | null>(named.revisions.map((id) => [id, null]));
  for (const [revision, node] of read.knownRevisions(named.revisions)) owners.set(revision, node);
  const isEmpty = remembered((folder: NodeId) => !read.hasRemoteChildren(folder));
  return {
    ...reader,
    node: remembered(reader.node, nodes),
    // Of a new folder, which nothing is in, nothing is asked for each name.
    liveChild: rememberedNames((parent, name) => (isEmpty(parent) ? null : reader.liveChild(parent, name))),
    revisionOwner: remembered(reader.revisionOwner, owners),
  };
}

/** Objects of a revision as far as this device can name them, which is all that it can offer for reuse. */
function knownObjects(
  read: IndexReader,
  crypto: Pick<ContentCrypto, 'openManifest'>,
  revision: RevisionId,
): readonly ObjectId[] {
  const row = read.revision(revision);
  if (row === null) return [];
  const { content } = crypto.openManifest(revision, row.manifest);
  const refs = content.kind === 'chunks' ? content.chunks : [...read.chunksOfRevision(revision)];
  return refs.map((ref) => ref.objectId);
}

export interface IndexTreeOptions {
  readonly crypto: Pick<ContentCrypto, 'sealManifest' | 'openManifest'>;
  readonly sealedAhead: SealedAhead;
  /** Hears of each node whose row changes. */
  readonly onTouched: (node: NodeId) => void;
  /** Makes the synced row of a node that changes from the one that it had; the same: it stays. */
  readonly agreed?: ((synced: SyncedNode | null) => SyncedNode | null) | undefined;
  /** Where the tree is read, with all that was read already; it learns of each change. The index, if not given. */
  readonly over?: VaultTree | undefined;
}

/** Within one transaction. */
export function indexTree(read: IndexReader, write: IndexWriter, options: IndexTreeOptions): VaultTree {
  const { crypto, sealedAhead, onTouched, agreed } = options;
  /** Size, time and exec bit of revisions added in this transaction: saves reading them back. */
  const added = new Map<RevisionId, Pick<VaultRow, 'size' | 'mtimeUs' | 'exec'>>();
  const empty = { size: 0, mtimeUs: 0, exec: false };
  const attributes = (revision: RevisionId | null) =>
    revision === null ? empty : (added.get(revision) ?? read.revision(revision) ?? empty);

  /**
   * What is not here and comes back to the vault is new there: nobody deleted that here. What is thought to be here may have
   * been deleted unseen, by somebody who did not know of that: it is to be looked for first.
   */
  const afterReturn = (synced: SyncedNode | null): SyncedNode | null => {
    if (synced === null || read.local(synced.id) === null) return null;
    write.noteReturned(synced.id);
    return synced;
  };

  /** Written after their node, which has a row then. */
  let waiting: RevisionRow[] = [];
  const over = options.over ?? withKnownNodes(indexTreeReader(read));

  return {
    ...over,
    putNode(node: VaultNode) {
      const isBack = !node.isDeleted && over.node(node.id)?.isDeleted === true;
      over.putNode(node);
      const { size, mtimeUs, exec } = attributes(node.revision);
      const row = { ...node, size, mtimeUs, exec };
      const settled = agreed ?? (isBack ? afterReturn : undefined);
      if (settled === undefined) write.putVaultRow(row);
      else write.putSettled(row, settled);
      for (const revision of waiting) write.addRevision(revision);
      waiting = [];
      onTouched(node.id);
    },
    addRevision(revision: KeptRevision) {
      over.addRevision(revision);
      const { manifest, seq, timeUs, deviceId, node } = revision;
      const { size, mtimeUs, exec } = manifest;
      added.set(revision.revision, { size, mtimeUs, exec });
      const sealed = sealedAhead.get(manifest) ?? crypto.sealManifest(manifest);
      waiting.push({
        revision: revision.revision,
        node,
        seq,
        timeUs,
        deviceId,
        size,
        mtimeUs,
        exec,
        manifest: sealed,
      });
    },
    removeRevisions(revisions) {
      // The server may collect their objects: whoever uses one of them again has to retain it again.
      for (const revision of revisions) write.setChunksReferenced(knownObjects(read, crypto, revision), false);
      write.removeRevisions(revisions);
      over.removeRevisions(revisions);
    },
  };
}

/** Nodes as they are by now: each of many siblings asks for their folder. All else is asked of the reader, which sees the writes. */
function withKnownNodes(reader: VaultTreeReader): VaultTree {
  const nodes = new Map<NodeId, VaultNode | null>();
  return {
    ...reader,
    node: remembered(reader.node, nodes),
    putNode: (node) => void nodes.set(node.id, node),
    addRevision: () => undefined,
    removeRevisions: () => undefined,
  };
}
