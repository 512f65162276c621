import type { NodeId, ObjectId, RevisionId } from '../common/ids.ts';
import type { IndexReader, IndexWriter, RevisionRow, VaultRow } from '../db/index-port.ts';
import type { KeptRevision, VaultNode, VaultTree, VaultTreeReader } from '../vault/vault-tree.ts';
import type { ContentCrypto } from './content-crypto.ts';
import type { SealedAhead } from './seal-ahead.ts';

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

/** Within one transaction. `onTouched` hears of each node whose row changes. */
export function indexTree(
  read: IndexReader,
  write: IndexWriter,
  crypto: Pick<ContentCrypto, 'sealManifest' | 'openManifest'>,
  onTouched: (node: NodeId) => void,
  sealedAhead: SealedAhead,
): VaultTree {
  /** Size, time and exec bit of revisions added in this transaction: saves reading them back. */
  const added = new Map<RevisionId, Pick<VaultRow, 'size' | 'mtimeUs' | 'exec'>>();
  const empty = { size: 0, mtimeUs: 0, exec: false };
  const attributes = (revision: RevisionId | null) =>
    revision === null ? empty : (added.get(revision) ?? read.revision(revision) ?? empty);

  const reader = indexTreeReader(read);
  /** Written after their node, which has a row then. */
  let waiting: RevisionRow[] = [];
  /** As they are by now: each of many siblings asks for their folder. */
  const nodes = new Map<NodeId, VaultNode | null>();

  return {
    ...reader,
    node(id) {
      const known = nodes.get(id);
      if (known !== undefined) return known;
      const node = reader.node(id);
      nodes.set(id, node);
      return node;
    },
    putNode(node: VaultNode) {
      nodes.set(node.id, node);
      const { size, mtimeUs, exec } = attributes(node.revision);
      write.putVaultRow({ ...node, size, mtimeUs, exec });
      for (const revision of waiting) write.addRevision(revision);
      waiting = [];
      onTouched(node.id);
    },
    addRevision(revision: KeptRevision) {
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
    },
  };
}
