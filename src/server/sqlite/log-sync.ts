import { type FileHandle, open } from 'node:fs/promises';
import { createGroupSync } from '../disk/group-sync.ts';

export interface LogSync {
  /** Resolves when all that was committed before the call is durable; once it has failed it always does. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Syncs the write-ahead log of a database beside its connection, which stays open: SQLite keeps one log for as long, writes
 * each commit to its end, and by itself makes sure of its beginning and of what it copies to the database.
 */
export function createLogSync(database: string): LogSync {
  let file: Promise<FileHandle> | null = null;
  const sync = createGroupSync(async () => {
    // Windows syncs only for who may write.
    file ??= open(`${database}-wal`, 'r+');
    await (await file).datasync();
  });
  return {
    sync,
    close: async () => {
      const opened = await file?.catch(() => null);
      await opened?.close();
    },
  };
}
