import Database from 'better-sqlite3';
import { type Cbor, decodeCbor, encodeCbor } from '../../crypto/cbor.ts';
import { isSound, type Manifest, parseManifest } from './manifest.ts';
import type { Operation, Place } from './operations.ts';

export const rootId = '0'.repeat(32);

export interface TreeNode {
  readonly id: string;
  readonly isFolder: boolean;
  readonly parent: string;
  readonly name: string;
  readonly isLive: boolean;
  readonly revision: string | null;
}

export interface Revision {
  readonly id: string;
  readonly timeUs: number;
  readonly manifest: Manifest;
}

/** `name`: void because of F-TREE-7. */
export type Effect = 'done' | 'void' | 'name';

/** The state of one vault (FORMAT.md 8.4), in a temporary database of its own, so that memory is bounded. */
export interface VaultTree {
  apply(operation: Operation, timeUs: number): Effect;
  /**
   * For logs with gaps: makes up what the operation stands on and what an entry that is lost must have made, so that no
   * content is void for the lack of it.
   */
  mend(operation: Operation): void;
  /** Without names being unique among siblings, as after a gap. */
  allowTwins(): void;
  node(id: string): TreeNode | null;
  /** Live children, folders first, then by name. */
  children(folder: string): readonly TreeNode[];
  /** Deleted files that could be restored. */
  deletedFiles(): IterableIterator<TreeNode>;
  /** Kept revisions of a file, the newest first. */
  revisions(node: string): readonly string[];
  revision(id: string): Revision;
  totals(): { readonly files: number; readonly bytes: number };
  close(): void;
}

const schema = `
CREATE TABLE nodes (
  id TEXT PRIMARY KEY, folder INTEGER, parent TEXT, name TEXT, key TEXT, live INTEGER, revision TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX children ON nodes (parent, live, key);
CREATE TABLE revisions (
  id TEXT PRIMARY KEY, node TEXT, n INTEGER, time INTEGER, size INTEGER, manifest BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_of ON revisions (node, n);
`;

interface NodeRow {
  readonly id: string;
  readonly folder: number;
  readonly parent: string;
  readonly name: string;
  readonly live: number;
  readonly revision: string | null;
}

const nodeOf = ({ id, folder, parent, name, live, revision }: NodeRow): TreeNode => ({
  id,
  isFolder: folder === 1,
  parent,
  name,
  isLive: live === 1,
  revision,
});

/** F-TREE-7. */
function isName(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > 1020 || name === '.' || name === '..' || /[/\0]/.test(name)) return false;
  return name.normalize('NFKC').toLowerCase() !== '.holdfast';
}

const keyOf = (name: string): string => name.normalize('NFC');

export function openVaultTree(): VaultTree {
  // No name: a file that SQLite removes as soon as it is open, and only uses once its cache is full.
  const db = new Database('');
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -65536');
  db.exec(schema);
  db.exec('BEGIN');

  const select = 'SELECT id, folder, parent, name, live, revision FROM nodes';
  const byId = db.prepare<[string], NodeRow>(`${select} WHERE id = ?`);
  const twin = db.prepare<[string, string, string], { id: string }>(
    'SELECT id FROM nodes WHERE parent = ? AND live = 1 AND key = ? AND id <> ?',
  );
  const insert = db.prepare('INSERT INTO nodes VALUES (?, ?, ?, ?, ?, 1, ?)');
  const move = db.prepare('UPDATE nodes SET parent = ?, name = ?, key = ?, live = 1 WHERE id = ?');
  const isBelow = db.prepare<[string, string], { one: number }>(
    `WITH RECURSIVE up (id) AS (VALUES (?) UNION SELECT nodes.parent FROM nodes JOIN up ON nodes.id = up.id)
     SELECT 1 AS one FROM up WHERE id = ?`,
  );
  const remove = db.prepare(
    `WITH RECURSIVE below (id) AS (
       VALUES (?) UNION SELECT nodes.id FROM nodes JOIN below ON nodes.parent = below.id WHERE nodes.live = 1
     ) UPDATE nodes SET live = 0 WHERE id IN below`,
  );
  const setRevision = db.prepare('UPDATE nodes SET revision = ? WHERE id = ?');
  const insertRevision = db.prepare('INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?)');
  const ownerOf = db.prepare<[string], { node: string }>('SELECT node FROM revisions WHERE id = ?');
  const removeRevision = db.prepare('DELETE FROM revisions WHERE id = ?');
  const childrenOf = db.prepare<[string], NodeRow>(`${select} WHERE parent = ? AND live = 1 ORDER BY folder DESC, key`);
  const deleted = db.prepare<[], NodeRow>(
    `${select} WHERE live = 0 AND folder = 0 AND revision IS NOT NULL ORDER BY parent, key, id`,
  );
  const revisionsOf = db.prepare<[string], { id: string }>('SELECT id FROM revisions WHERE node = ? ORDER BY n DESC');
  const revisionById = db.prepare<[string], { time: number; manifest: Uint8Array }>(
    'SELECT time, manifest FROM revisions WHERE id = ?',
  );
  const totals = db.prepare<[], { files: number; bytes: number | null }>(
    `SELECT count(*) AS files, total(revisions.size) AS bytes
     FROM nodes JOIN revisions ON revisions.id = nodes.revision WHERE live = 1`,
  );
  let added = 0;
  let areTwinsAllowed = false;

  const node = (id: string): TreeNode | null => {
    const row = byId.get(id);
    return row === undefined ? null : nodeOf(row);
  };

  /** F-TREE-2. */
  function placeFault({ node: id, parent, name }: Place): Effect | null {
    if (parent !== rootId) {
      const folder = node(parent);
      if (folder === null || !folder.isLive || !folder.isFolder) return 'void';
    }
    if (!isName(name)) return 'name';
    return !areTwinsAllowed && twin.get(parent, keyOf(name), id) !== undefined ? 'void' : null;
  }

  /** F-TREE-4. */
  const isUsable = (id: string, manifest: Manifest): boolean =>
    manifest.node === id && isSound(manifest) && ownerOf.get(manifest.revision) === undefined;

  function addRevision(manifest: Manifest, encoded: Cbor, timeUs: number): void {
    insertRevision.run(manifest.revision, manifest.node, ++added, timeUs, manifest.size, encodeCbor(encoded));
  }

  function create(place: Place, content: { manifest: Manifest; encoded: Cbor } | null, timeUs: number): Effect {
    if (place.node === rootId || node(place.node) !== null) return 'void';
    const fault = placeFault(place);
    if (fault !== null) return fault;
    if (content !== null) {
      if (!isUsable(place.node, content.manifest)) return 'void';
      addRevision(content.manifest, content.encoded, timeUs);
    }
    const { node: id, parent, name } = place;
    insert.run(id, content === null ? 1 : 0, parent, name, keyOf(name), content?.manifest.revision ?? null);
    return 'done';
  }

  function put(place: Place): Effect {
    const fault = placeFault(place);
    if (fault !== null) return fault;
    // F-TREE-3; a node that is restored is not live, and so above nothing.
    if (isBelow.get(place.parent, place.node) !== undefined) return 'void';
    move.run(place.parent, place.name, keyOf(place.name), place.node);
    return 'done';
  }

  function release(revisions: readonly string[]): Effect {
    if (new Set(revisions).size !== revisions.length) return 'void';
    const owners: TreeNode[] = [];
    for (const id of revisions) {
      const owner = node(ownerOf.get(id)?.node ?? rootId);
      if (owner === null || (owner.revision === id && owner.isLive)) return 'void';
      if (owner.revision === id) owners.push(owner);
    }
    for (const owner of owners) setRevision.run(null, owner.id);
    for (const id of revisions) removeRevision.run(id);
    return 'done';
  }

  function apply(operation: Operation, timeUs: number): Effect {
    const found = 'node' in operation ? node(operation.node) : null;
    switch (operation.type) {
      case 'create-folder':
        return create(operation, null, timeUs);
      case 'create-file':
        return create(operation, operation, timeUs);
      case 'place':
        if (found === null || !found.isLive) return 'void';
        return put(operation);
      case 'revise':
        if (found === null || !found.isLive || found.isFolder) return 'void';
        if (!isUsable(operation.node, operation.manifest)) return 'void';
        addRevision(operation.manifest, operation.encoded, timeUs);
        setRevision.run(operation.manifest.revision, operation.node);
        return 'done';
      case 'delete':
        if (found === null || !found.isLive) return 'void';
        remove.run(operation.node);
        return 'done';
      case 'restore':
        if (found === null || found.isLive || (!found.isFolder && found.revision === null)) return 'void';
        return put(operation);
      case 'release':
        return release(operation.revisions);
      case 'vault':
        return isName(operation.name) ? 'done' : 'name';
      case 'epoch':
        return 'done';
    }
  }

  /** Live, with all that is above it. */
  function reviveFolder(id: string): void {
    const seen = new Set<string>();
    for (let at = id; at !== rootId && !seen.has(at); ) {
      seen.add(at);
      const found = node(at);
      if (found === null) {
        const name = `Lost folder ${at.slice(0, 8)}`;
        insert.run(at, 1, rootId, name, name, null);
        return;
      }
      if (found.isLive) return;
      move.run(found.parent, found.name, keyOf(found.name), at);
      at = found.parent;
    }
  }

  return {
    apply,
    mend: (operation) => {
      if ('parent' in operation) reviveFolder(operation.parent);
      if (operation.type !== 'revise' && operation.type !== 'place') return;
      const found = node(operation.node);
      if (found === null) {
        if (operation.type === 'place') return;
        const name = `Lost file ${operation.node.slice(0, 8)}`;
        insert.run(operation.node, 0, rootId, name, name, null);
      } else if (!found.isLive) {
        reviveFolder(found.parent);
        move.run(found.parent, found.name, keyOf(found.name), found.id);
      }
    },
    allowTwins: () => {
      areTwinsAllowed = true;
    },
    node,
    children: (folder) => childrenOf.all(folder).map(nodeOf),
    *deletedFiles() {
      for (const row of deleted.iterate()) yield nodeOf(row);
    },
    revisions: (id) => revisionsOf.all(id).map((row) => row.id),
    revision: (id) => {
      const row = revisionById.get(id);
      if (row === undefined) throw new Error('a revision that is listed is not there');
      return { id, timeUs: row.time, manifest: parseManifest(decodeCbor(row.manifest)) };
    },
    totals: () => {
      const { files, bytes } = totals.get() ?? { files: 0, bytes: 0 };
      return { files, bytes: bytes ?? 0 };
    },
    close: () => db.close(),
  };
}
