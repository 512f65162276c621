import { open } from 'node:fs/promises';
import { createGroupSync } from '../disk/group-sync.ts';

interface LogSync {
  /** Resolves when all that was committed before the call is durable; once it has failed it always does. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Syncs the write-ahead log of a database beside its connection, which is open and stays so: SQLite keeps one log for as long, writes
 * each commit to its end, and by itself makes sure of its beginning and of what it copies to the database.
 */
export function createLogSync(database: string): LogSync {
  // Opened at once, while files can be opened: a failed sync ends all writing. For writing, since Windows syncs only such files.
  const file = open(`${database}-wal`, 'r+');
  file.catch(() => undefined);
  return {
    sync: createGroupSync(async () => (await file).datasync()),
    close: async () => {
      const opened = await file.catch(() => null);
      await opened?.close();
    },
  };
}
