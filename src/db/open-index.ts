import type { NodeId } from '../common/ids.ts';
import { type LocalNameRules, localKey } from '../model/local-name-rules.ts';
import { createBatchReader, createBatchWriter } from './batch-table.ts';
import { createBlockedReader, createBlockedWriter } from './blocked-table.ts';
import { createChunkReader, createChunkWriter } from './chunk-table.ts';
import { type Connection, connect } from './connection.ts';
import type { Index, IndexCounts, IndexWriter, KnownNode } from './index-port.ts';
import { createIntegrityCheck } from './integrity.ts';
import { createIssueTable } from './issue-table.ts';
import { migrate, migrations, refuseForeignFile } from './migrations.ts';
import type { IsDiverged } from './node-state.ts';
import { createNodeStore, type NodeStore } from './node-store.ts';
import { repeatable } from './paged.ts';
import { createRevisionReader, createRevisionWriter } from './revision-table.ts';
import { createRowIds } from './row-ids.ts';
import { applicationId, schema, schemaVersion } from './schema.ts';
import { createNodeRename, createSmallReader, createSmallWriter } from './small-tables.ts';
import { corruptIndex, openingError } from './sql-error.ts';
import { createTreeReader } from './tree-reader.ts';
import { createTreeWriter } from './tree-writer.ts';
import { textValue } from './values.ts';
import { createVaultLoad } from './vault-load.ts';

export interface IndexOptions {
  /** How the folder's file system folds names. When it differs from the last time, all keys are made again (a scan then settles names that now collide). */
  readonly rules: LocalNameRules;
  readonly isDiverged: IsDiverged;
  /** Memory for pages of the file. Default 12 MiB. */
  readonly cacheBytes?: number;
}

const defaultCacheBytes = 12 * 1024 * 1024;
const plan = { version: schemaVersion, applicationId, schema, migrations };

/**
 * Opens the index of a folder pair, or makes it. Instead of a path: `:memory:`, or what `Index.bytes` gave, for an index
 * in memory that begins there. Throws `corrupt` for a file that is none (to be moved aside), `version` for one of a newer
 * app (left as it is), `io` when it is in use or cannot be read.
 */
export function openIndex(source: string | Uint8Array, options: IndexOptions): Index {
  if (typeof source === 'string' && source !== ':memory:') refuseForeignFile(source, plan);
  let connection: Connection | null = null;
  try {
    connection = connect(source, options.cacheBytes ?? defaultCacheBytes);
    migrate(connection, plan);
    return indexOn(connection, options);
  } catch (error) {
    connection?.close();
    throw openingError(error);
  }
}

function indexOn(connection: Connection, options: IndexOptions): Index {
  const { rules, isDiverged } = options;
  const key = (name: string) => localKey(name, rules);
  const nodes = createRowIds(connection, 'node');
  const revisions = createRowIds(connection, 'revision');
  const load = createVaultLoad(connection, [nodes, revisions]);
  const store = createNodeStore(connection, key, isDiverged, nodes, load);
  applyRules(connection, store, options);

  const trees = createTreeReader(connection, nodes, store.groups.local, key);
  const { blockedCount, ...blocked } = createBlockedReader(connection);
  const issues = createIssueTable(connection);
  const counts = (): IndexCounts => {
    const tally = store.tally();
    return {
      syncedFiles: tally.synced_files,
      syncedFolders: tally.synced_folders,
      localNodes: tally.local_nodes,
      remoteNodes: tally.remote_nodes,
      deletedNodes: tally.deleted_nodes,
      diverged: tally.diverged,
      bytesUp: tally.bytes_up,
      bytesDown: tally.bytes_down,
      blocked: blockedCount(),
      issues: issues.count(),
    };
  };
  const renameInSmall = createNodeRename(connection);
  const renameNode: typeof renameInSmall = (from, to) => {
    renameInSmall(from, to);
    issues.renameNode(from, to);
  };
  const writer: IndexWriter = {
    ...createTreeWriter(store, trees, renameNode),
    ...createRevisionWriter(connection, revisions, store, load),
    ...createChunkWriter(connection),
    ...createBatchWriter(connection),
    ...createBlockedWriter(connection),
    ...issues.write,
    ...createSmallWriter(connection),
  };
  return {
    read: {
      ...trees,
      ...createRevisionReader(nodes, revisions),
      ...createChunkReader(connection, revisions),
      ...createBatchReader(connection),
      ...blocked,
      ...issues.read,
      ...createSmallReader(connection, key),
      counts,
      rowsOf: store.rowsOf,
      divergedRows: store.divergedRows,
      diverged: (which) => repeatable(() => idsOf(store.divergedRows(which))),
      localVersion: store.localVersion,
      vaultVersion: store.vaultVersion,
    },
    transaction: (change, { isDurable = false } = {}) => {
      try {
        return connection.transaction(() => change(writer), isDurable);
      } catch (error) {
        issues.forget();
        throw error;
      }
    },
    integrityCheck: createIntegrityCheck(connection, store, isDiverged),
    bytes: connection.bytes,
    close: connection.close,
  };
}

function* idsOf(rows: Iterable<KnownNode>): Iterable<NodeId> {
  for (const { id } of rows) yield id;
}

/** Makes stored keys and flags again if they were made by other rules than today's. Whoever changes `isDiverged` empties `fold` (migrations.ts). */
function applyRules(connection: Connection, store: NodeStore, { rules }: IndexOptions): void {
  const row = connection.prepare('SELECT fold FROM state').get();
  if (row === undefined) throw corruptIndex();
  const fold = `${rules.isCaseSensitive ? 'case' : ''},${rules.isNormalizationSensitive ? 'form' : ''}`;
  if (textValue(row[0]) === fold) return;
  const save = connection.prepare('UPDATE state SET fold = ?');
  connection.transaction(() => {
    store.rewrite();
    save.run(fold);
  }, false);
}
