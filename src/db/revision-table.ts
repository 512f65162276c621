import { must } from '../common/errors.ts';
import type { NodeId, RevisionId } from '../common/ids.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { IndexReader, IndexWriter, RevisionInfo, RevisionRow } from './index-port.ts';
import type { NodeStore } from './node-store.ts';
import type { RowIds } from './row-ids.ts';
import { bytesValue, flag, hashPrefix, idBlob, idPrefix, idText, idValue, numberValue, orNull } from './values.ts';
import type { VaultLoad } from './vault-load.ts';

type RevisionReader = Pick<
  IndexReader,
  'revision' | 'knownRevisions' | 'revisionsOf' | 'currentManifest' | 'manifest' | 'manifests'
>;
type RevisionWriter = Pick<
  IndexWriter,
  | 'addRevision'
  | 'removeRevisions'
  | 'setRevisionChunks'
  | 'forgetVault'
  | 'beginVaultLoad'
  | 'beginVaultReplay'
  | 'endVaultLoad'
>;

const info = `${idText('r.id')}, (SELECT ${idText('n.id')} FROM node n WHERE n.ref = r.node), r.seq, r.time,
  ${idText('r.device')}, r.size, r.mtime, r.exec`;

const decodeInfo = (row: SqlRow): RevisionInfo => ({
  revision: idValue<RevisionId>(row[0]),
  node: idValue<NodeId>(row[1]),
  seq: numberValue(row[2]),
  timeUs: numberValue(row[3]),
  deviceId: idValue(row[4]),
  size: numberValue(row[5]),
  mtimeUs: numberValue(row[6]),
  exec: row[7] === 1,
});

const decodeRow = (row: SqlRow): RevisionRow => ({ ...decodeInfo(row), manifest: bytesValue(row[8]) });

const decodeManifest = ([manifest]: SqlRow): Uint8Array => bytesValue(manifest);

export function createRevisionReader(nodes: RowIds, revisions: RowIds): RevisionReader {
  const byId = revisions.query(({ isThis }) => `SELECT ${info}, r.manifest FROM revision r WHERE ${isThis}`);
  const owners = revisions.queryMany(
    `SELECT ${idText('r.id')}, (SELECT ${idText('n.id')} FROM node n WHERE n.ref = r.node)`,
  );
  const byNode = nodes.query(
    ({ ref }) => `SELECT ${info} FROM revision r WHERE r.node = ${ref} ORDER BY r.seq DESC, r.id DESC`,
  );
  const current = nodes.query(
    ({ isThis }) => `SELECT (SELECT r.manifest FROM revision r WHERE r.node = n.ref AND r.id = n.remote_revision)
    FROM node n WHERE ${isThis} AND n.remote_deleted = 0`,
  );
  const manifestOf = revisions.query(({ isThis }) => `SELECT r.manifest FROM revision r WHERE ${isThis}`);
  const manifestsOf = revisions.queryMany(`SELECT ${idText('r.id')}, r.manifest`);
  return {
    revision: (id) => orNull(byId.get(id), decodeRow),
    knownRevisions: (ids) => new Map(owners(ids).map((row) => [idValue<RevisionId>(row[0]), idValue<NodeId>(row[1])])),
    revisionsOf: (node) => byNode.all(node).map(decodeInfo),
    currentManifest: (node) =>
      orNull(current.get(node), ([manifest]) => (manifest === null ? null : bytesValue(manifest))),
    manifest: (id) => orNull(manifestOf.get(id), decodeManifest),
    manifests: (ids) => new Map(manifestsOf(ids).map((row) => [idValue<RevisionId>(row[0]), bytesValue(row[1])])),
  };
}

/** Bytes of one chunk's ref in `content.chunks`. */
export const refBytes = 6;

export function createRevisionWriter(
  { prepare }: Connection,
  revisions: RowIds,
  store: NodeStore,
  load: VaultLoad,
): RevisionWriter {
  const find = revisions.query(({ isThis }) => `SELECT r.ref FROM revision r WHERE ${isThis}`);
  const insert = prepare(`
    INSERT INTO revision (id48, id, node, seq, time, device, size, mtime, exec, manifest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const remove = prepare('DELETE FROM revision WHERE ref = ?');
  const removeContent = prepare('DELETE FROM content WHERE revision = ?');
  const putContent = prepare('INSERT OR REPLACE INTO content (revision, chunks) VALUES (?, ?)');
  const removeAll = [prepare('DELETE FROM content'), prepare('DELETE FROM revision')];
  const chunkRef = prepare('SELECT ref FROM chunk WHERE hash48 = ? AND hash = ?');
  const refOf = (id: RevisionId): number | null => orNull(find.get(id), ([ref]) => numberValue(ref));
  return {
    addRevision: (row) => {
      const ref = insert.run(
        idPrefix(row.revision),
        idBlob(row.revision),
        store.refOf(row.node),
        row.seq,
        row.timeUs,
        idBlob(row.deviceId),
        row.size,
        row.mtimeUs,
        flag(row.exec),
        row.manifest,
      );
      revisions.made(row.revision, ref);
    },
    removeRevisions: (ids) => {
      for (const id of ids) {
        const ref = refOf(id);
        if (ref === null) continue;
        removeContent.run(ref);
        remove.run(ref);
      }
    },
    forgetVault: () => {
      for (const statement of removeAll) statement.run();
      for (const { id, state } of store.states()) if (state.vault !== null) store.change(id, { vault: null });
      load.end();
    },
    beginVaultLoad: load.begin,
    beginVaultReplay: load.beginReplay,
    endVaultLoad: load.end,
    setRevisionChunks: (revision, hashes) => {
      const ref = must(refOf(revision), 'the revision is not known');
      const refs = hashes
        .map((hash) => chunkRef.get(hashPrefix(hash), hash))
        .flatMap((row) => (row === undefined ? [] : [numberValue(row[0])]));
      const packed = Buffer.alloc(refs.length * refBytes);
      refs.forEach((chunk, i) => {
        packed.writeUIntBE(chunk, i * refBytes, refBytes);
      });
      putContent.run(ref, packed);
    },
  };
}
