import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Anchoring } from '../../src/local/local-root.ts';
import { openNodeFileSystem } from '../../src/local/node-file-system.ts';
import type { FileSystemUnderTest, OtherProgram } from './file-system-contract.ts';

/** A new folder of its own; removed by `remove`. */
export function makeTempFolder(parent = tmpdir()): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(parent, 'holdfast-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const otherProgramAt = (root: string): OtherProgram => ({
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
  const temp = makeTempFolder(parent);
  const root = join(temp.folder, 'root');
  const outside = join(temp.folder, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
  return {
    fs: openNodeFileSystem(root, { anchoring }),
    other: otherProgramAt(root),
    root,
    outside,
    reopen: async () => openNodeFileSystem(root, { anchoring }),
    dispose: async () => temp.remove(),
  };
}

/** A small volume in memory; null, with a loud word, where it cannot be mounted. */
export function mountSmallVolume(size: string): { readonly folder: string; unmount(): void } | null {
  const temp = makeTempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'none', temp.folder], { stdio: 'pipe' });
  } catch {
    temp.remove();
    process.stderr.write('SKIPPED: no small volume can be mounted here, so a full disk is not tested\n');
    return null;
  }
  return {
    folder: temp.folder,
    unmount: () => {
      if (!existsSync(temp.folder)) return;
      execFileSync('umount', [temp.folder], { stdio: 'pipe' });
      temp.remove();
    },
  };
}
