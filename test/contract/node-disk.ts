import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Anchoring } from '../../src/local/local-root.ts';
import { openNodeFileSystem } from '../../src/local/node-file-system.ts';
import { tempFolder } from '../helpers/temp.ts';
import type { FileSystemUnderTest, OtherProgram } from './file-system-contract.ts';

const otherProgramAt = (root: string): OtherProgram => ({
  write: async (path, text) => writeFileSync(join(root, path), text),
  append: async (path, text) => appendFileSync(join(root, path), text),
  read: async (path) => readFileSync(join(root, path), 'utf8'),
  makeFolder: async (path) => void mkdirSync(join(root, path), { recursive: true }),
  rename: async (from, to) => renameSync(join(root, from), join(root, to)),
  remove: async (path) => rmSync(join(root, path), { recursive: true }),
  link: async (path, target) => symlinkSync(target, join(root, path)),
  setMode: async (path, mode) => chmodSync(join(root, path), mode),
  getMode: async (path) => lstatSync(join(root, path)).mode & 0o7777,
});

/** The real disk, at a new folder below `parent`, with `outside` beside it that nothing may touch. */
export async function makeNodeDisk(
  anchoring: Anchoring,
  parent?: string,
): Promise<FileSystemUnderTest & { readonly root: string; readonly outside: string }> {
  const folder = parent === undefined ? await tempFolder('disk') : mkdtempSync(join(parent, 'holdfast-disk-'));
  const root = join(folder, 'root');
  const outside = join(folder, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
  return {
    fs: openNodeFileSystem(root, { anchoring }),
    other: otherProgramAt(root),
    root,
    outside,
    reopen: async () => openNodeFileSystem(root, { anchoring }),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A volume in memory, mounted at `folder`; null, with a loud word, where that is not allowed. */
export function mountSmallVolume(folder: string, size: string): { unmount(): void } | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'none', folder], { stdio: 'pipe' });
  } catch {
    process.stderr.write('SKIPPED: no volume can be mounted here, so full disks and mount points are not tested\n');
    return null;
  }
  let isMounted = true;
  return {
    unmount: () => {
      if (isMounted) execFileSync('umount', [folder], { stdio: 'pipe' });
      isMounted = false;
    },
  };
}
