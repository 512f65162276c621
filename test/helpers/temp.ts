import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set<string>();

/** A new, empty folder on a real disk, below `parent` if given; its real path. Removed after the test file, whatever happened. */
export async function tempFolder(name = 'test', parent: string | null = null): Promise<string> {
  const path = await mkdtemp(join(await realpath(parent ?? tmpdir()), `holdfast-${name}-`));
  folders.add(path);
  return path;
}

/** Called after each test file by the setup; scripts that use {@link tempFolder} call it themselves. */
export async function removeTempFolders(): Promise<void> {
  const paths = [...folders];
  folders.clear();
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })));
}

process.once('exit', () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});
