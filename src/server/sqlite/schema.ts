/** The format of the metadata database; `PRAGMA user_version`. A database with a greater one is refused untouched. */
export const schemaVersion = 1;

/**
 * Ids and hashes are blobs of 16 and 32 bytes; times are milliseconds since 1970 UTC. Vaults have a short number of their
 * own, so that the rows and keys of objects, by far the most, stay small.
 */
export const schema = `
-- One row each: start (a count of starts), secret (32 bytes for this server's own use).
CREATE TABLE facts (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

-- An account, its newest record (FORMAT.md 7.2) and where its chain ends.
CREATE TABLE accounts (
  id BLOB PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,         -- normal form
  record BLOB NOT NULL,
  record_signature BLOB NOT NULL,
  head_seq INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  used INTEGER NOT NULL,              -- bytes that count against the quota
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The account chain (FORMAT.md 7.3).
CREATE TABLE account_events (
  account BLOB NOT NULL REFERENCES accounts (id),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  event BLOB NOT NULL,
  signature BLOB NOT NULL,
  device_signature BLOB,
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  account BLOB NOT NULL REFERENCES accounts (id),
  device_public BLOB NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_account ON sessions (account);
CREATE INDEX sessions_by_expiry ON sessions (expires);

-- A vault: where its log ends, and what the next entry is judged by.
CREATE TABLE vaults (
  n INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  account BLOB NOT NULL REFERENCES accounts (id),
  head_seq INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  epoch_position INTEGER NOT NULL,    -- account position of the entry that began the epoch
  account_position INTEGER NOT NULL,  -- of the latest entry
  objects INTEGER NOT NULL,
  bytes INTEGER NOT NULL,             -- sealed bytes of its objects
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX vaults_by_account ON vaults (account);

-- Entries of each device in each vault so far.
CREATE TABLE device_seqs (
  vault INTEGER NOT NULL REFERENCES vaults (n),
  device BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (vault, device)
) STRICT, WITHOUT ROWID;

-- The change logs (FORMAT.md 8.1), kept whole. The lists are ids joined.
CREATE TABLE entries (
  vault INTEGER NOT NULL REFERENCES vaults (n),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  bytes INTEGER NOT NULL,             -- of header, signature and ciphertext
  ciphertext BLOB NOT NULL,
  retained BLOB NOT NULL,
  released BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_seq ON entries (vault, seq, bytes);

CREATE TABLE grants (
  vault INTEGER NOT NULL REFERENCES vaults (n),
  epoch INTEGER NOT NULL,
  grants BLOB NOT NULL,
  PRIMARY KEY (vault, epoch)
) STRICT;

-- The latest checkpoint of each vault (FORMAT.md 12).
CREATE TABLE checkpoints (
  vault INTEGER PRIMARY KEY REFERENCES vaults (n),
  seq INTEGER NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  box BLOB NOT NULL,
  pages BLOB NOT NULL
) STRICT;

-- Every object held, and where its bytes are (see Place). It is needed while an entry retains it or the latest checkpoint
-- lists it; else it expires.
CREATE TABLE objects (
  vault INTEGER NOT NULL REFERENCES vaults (n),
  id BLOB NOT NULL,
  file INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  retained INTEGER NOT NULL,          -- 0 or 1
  listed INTEGER NOT NULL,            -- 0 or 1
  expires INTEGER,                    -- null while needed
  PRIMARY KEY (vault, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX objects_by_expiry ON objects (expires) WHERE expires IS NOT NULL;
`;

/** Of a row of `accounts`: an account that was deleted, or one made for a deleted vault. Only vaults refer to it, until they are gone. */
export const isRemoved = 'length(record) = 0';

/** Finds those; there are few of them, if any. Made where it is missing, as is the next one. */
export const removedIndex = `CREATE INDEX IF NOT EXISTS accounts_removed ON accounts (id) WHERE ${isRemoved};`;

/**
 * What is in which pack; readers do not need it. With the offset, so that the pages of the table, which random ids scatter, are
 * not asked whether an object is in a pack at all. It replaces an earlier index.
 */
export const packIndex = `
DROP INDEX IF EXISTS objects_by_pack;
CREATE INDEX IF NOT EXISTS objects_in_packs ON objects (file, offset, length) WHERE offset > 0;
`;
