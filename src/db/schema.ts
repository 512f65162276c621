/** Number of the schema below, stored as SQLite's `user_version`. */
export const schemaVersion = 4;

/** SQLite's `application_id` of an index: "HFix". */
export const applicationId = 0x48466978;

/**
 * What diverges, by the folder that it is in: in the vault, else on disk, else where both sides had it. What has a base
 * apart from what is new, since each plan asks for all of the former, and there may be very much of the latter.
 */
export const divergedIndexes = {
  node_based: {
    folder: 'coalesce(remote_parent, local_parent, synced_parent)',
    condition: 'diverged = 1 AND synced_parent IS NOT NULL',
  },
  node_new: {
    folder: 'coalesce(remote_parent, local_parent)',
    condition: 'diverged = 1 AND synced_parent IS NULL',
  },
} as const;

const divergedIndex = (name: keyof typeof divergedIndexes): string =>
  `CREATE INDEX ${name} ON node (${divergedIndexes[name].folder}) WHERE ${divergedIndexes[name].condition}`;

/** Indexes on what the vault says of nodes, and on revisions: made last where very many rows come at once (vault-load.ts). */
export const vaultIndexes = {
  node_new: divergedIndex('node_new'),
  node_remote: 'CREATE INDEX node_remote ON node (remote_parent, remote_key) WHERE remote_deleted = 0',
  node_remote_deleted: 'CREATE INDEX node_remote_deleted ON node (remote_parent) WHERE remote_deleted = 1',
  node_deleted_seq: 'CREATE INDEX node_deleted_seq ON node (remote_seq) WHERE remote_deleted = 1',
  revision_id: 'CREATE INDEX revision_id ON revision (id48)',
  revision_node: 'CREATE INDEX revision_node ON revision (node, seq)',
};

/** Indexes by id, which ids in memory stand for where very many rows come at once (vault-load.ts). */
export const idIndexes = {
  node_id: 'CREATE INDEX node_id ON node (id48)',
  revision_id: vaultIndexes.revision_id,
};

/**
 * The schema as of `schemaVersion`; an older file comes here by the steps in migrations.ts. No foreign keys: rows come
 * in any order within a transaction, and `integrityCheck` says what would be broken.
 *
 * Ids are 16 random bytes. A random key in an index costs by its size, so ids and hashes are looked up by an integer,
 * their first 48 bits (exact as a JavaScript number), and then compared whole. Rows refer to each other by `ref`.
 */
export const schema = `
-- Everything known of a node, in three groups of columns, one for each tree. A group is present when its parent is.
-- The vault's root is ref 0: it has no groups. A row without groups is there only while others refer to it.
CREATE TABLE node (
  ref                INTEGER PRIMARY KEY,
  id48               INTEGER NOT NULL,            -- first 48 bits of id, big-endian: its order is that of the ids
  id                 BLOB    NOT NULL,            -- 16 bytes
  diverged           INTEGER NOT NULL DEFAULT 0,  -- 1: the three groups need a plan; kept by the writer

  local_parent       INTEGER,                     -- ref
  local_key          TEXT,                        -- the name as the local file system folds it
  local_name         TEXT,                        -- the name on disk; null if it equals the key
  local_kind         INTEGER,                     -- 0 folder, 1 file
  local_revision     BLOB,
  local_size         INTEGER,
  local_mtime        INTEGER,                     -- this and the next two: microseconds since 1970 UTC
  local_birth        INTEGER,
  local_ctime        INTEGER,
  local_exec         INTEGER,                     -- 0, 1
  local_differs_from BLOB,                        -- remote revision compared with and found different
  local_dev          INTEGER,                     -- identity on disk; stays a REAL from 2^63 on
  local_ino          INTEGER,

  remote_parent      INTEGER,                     -- ref
  remote_key         TEXT,                        -- the name in Unicode NFC
  remote_name        TEXT,                        -- the name in the vault; null if it equals the key
  remote_kind        INTEGER,
  remote_revision    BLOB,
  remote_size        INTEGER,
  remote_mtime       INTEGER,
  remote_exec        INTEGER,
  remote_deleted     INTEGER,                     -- 1: a tombstone, with its last place
  remote_seq         INTEGER,                     -- this and the next two: the entry that last changed it
  remote_time        INTEGER,
  remote_device      BLOB,

  synced_parent      INTEGER,                     -- ref
  synced_name        TEXT,                        -- the name in the vault
  synced_local_name  TEXT,                        -- the name on disk; null if it equals the one in the vault
  synced_kind        INTEGER,
  synced_revision    BLOB
);
${idIndexes.node_id};
${divergedIndex('node_based')};
${vaultIndexes.node_new};
-- Children and names. Not unique: two siblings that swap names are in the way of each other for a moment.
CREATE INDEX node_local ON node (local_parent, local_key) WHERE local_parent IS NOT NULL;
CREATE INDEX node_local_ino ON node (local_ino) WHERE local_parent IS NOT NULL;
${vaultIndexes.node_remote};
${vaultIndexes.node_remote_deleted};
${vaultIndexes.node_deleted_seq};
CREATE INDEX node_synced ON node (synced_parent) WHERE synced_parent IS NOT NULL;
INSERT INTO node (ref, id48, id) VALUES (0, 0, zeroblob(16));

-- Versions of files that the vault keeps.
CREATE TABLE revision (
  ref      INTEGER PRIMARY KEY,
  id48     INTEGER NOT NULL,
  id       BLOB    NOT NULL,
  node     INTEGER NOT NULL,  -- ref
  seq      INTEGER NOT NULL,  -- this and the next two: the entry that brought it
  time     INTEGER NOT NULL,
  device   BLOB    NOT NULL,
  size     INTEGER NOT NULL,
  mtime    INTEGER NOT NULL,
  exec     INTEGER NOT NULL,
  manifest BLOB    NOT NULL   -- sealed; last, so that lists do not read it
);
${vaultIndexes.revision_id};
${vaultIndexes.revision_node};

-- The chunks of a revision, for delta: 6 bytes each, refs of chunks, big-endian, in the order of the file.
CREATE TABLE content (
  revision INTEGER PRIMARY KEY,  -- ref
  chunks   BLOB NOT NULL
);

-- Pieces of plaintext that the vault already holds. A ref is never used again, since contents go on naming it.
CREATE TABLE chunk (
  ref           INTEGER PRIMARY KEY AUTOINCREMENT,
  hash48        INTEGER NOT NULL,
  object48      INTEGER NOT NULL,
  hash          BLOB    NOT NULL,  -- 32 bytes, keyed
  object        BLOB    NOT NULL,  -- 16 bytes
  plain_length  INTEGER NOT NULL,
  weak          INTEGER NOT NULL,  -- rolling checksum
  is_referenced INTEGER NOT NULL,  -- 1: an entry of the log retains the object
  sealed_ref    BLOB    NOT NULL
);
CREATE INDEX chunk_hash ON chunk (hash48);
CREATE INDEX chunk_object ON chunk (object48);

-- What was done together.
CREATE TABLE batch (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id       TEXT    NOT NULL UNIQUE,
  seq      INTEGER,
  device   BLOB    NOT NULL,
  time     INTEGER NOT NULL,
  ops      BLOB    NOT NULL
);

-- The small tables below name nodes by id: what they say outlives the node's row.
CREATE TABLE blocked (
  node     BLOB    PRIMARY KEY,
  side     TEXT    NOT NULL,
  reason   TEXT    NOT NULL,
  message  TEXT    NOT NULL,
  attempts INTEGER NOT NULL,
  retry_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX blocked_retry ON blocked (retry_at);

CREATE TABLE issue (
  id         TEXT    PRIMARY KEY,
  kind       TEXT    NOT NULL,
  node       BLOB,
  path       TEXT,
  message    TEXT    NOT NULL,
  actions    TEXT    NOT NULL,  -- JSON, list of words
  created_at INTEGER NOT NULL,
  data       TEXT    NOT NULL   -- JSON
);
CREATE INDEX issue_created ON issue (created_at, id);

-- Held deletes that the person allowed.
CREATE TABLE approval (
  direction TEXT NOT NULL,
  node      BLOB NOT NULL,
  PRIMARY KEY (direction, node)
) WITHOUT ROWID;

-- Nodes that came back into the vault, and were not looked for in the folder since.
CREATE TABLE returned (node BLOB PRIMARY KEY) WITHOUT ROWID;

-- Local folders left behind with ignored content only.
CREATE TABLE husk (
  parent BLOB NOT NULL,
  name   TEXT NOT NULL,
  PRIMARY KEY (parent, name)
) WITHOUT ROWID;

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL  -- JSON
) WITHOUT ROWID;

-- One row each. Apart from the counts, so that these stay small.
CREATE TABLE vault_state (one INTEGER PRIMARY KEY CHECK (one = 1), state BLOB NOT NULL);
CREATE TABLE state (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  barrier        INTEGER NOT NULL DEFAULT 0,  -- grows with each durable transaction: something to write
  fold           TEXT    NOT NULL DEFAULT '', -- the rules that made local_key; '': to be made anew, and diverged as well
  synced_files   INTEGER NOT NULL DEFAULT 0,  -- from here on: sums over node
  synced_folders INTEGER NOT NULL DEFAULT 0,
  local_nodes    INTEGER NOT NULL DEFAULT 0,
  remote_nodes   INTEGER NOT NULL DEFAULT 0,
  deleted_nodes  INTEGER NOT NULL DEFAULT 0,
  diverged       INTEGER NOT NULL DEFAULT 0,
  bytes_up       INTEGER NOT NULL DEFAULT 0,
  bytes_down     INTEGER NOT NULL DEFAULT 0
);
INSERT INTO state (one) VALUES (1);
`;
