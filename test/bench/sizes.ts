import type { SmallFiles } from './data/small-files.ts';

/** How much of everything. `full` is what the results are about; `small` shows in seconds whether it all works. */
export interface Size {
  readonly name: string;
  readonly largeMib: number;
  readonly small: SmallFiles;
  readonly many: SmallFiles;
  readonly saves: number;
  /** Between two saves, in milliseconds. */
  readonly savePause: number;
  readonly idleSeconds: number;
  /** Edits between successive versions of a source tree. */
  readonly edits: number;
  /** Files that each of three devices writes. */
  readonly ofEach: number;
  /** Of a fresh file system. */
  readonly volumeMib: number;
}

export const sizes: Readonly<Record<string, Size>> = {
  full: {
    name: 'full',
    largeMib: 2048,
    small: { files: 10_000, folders: 500, leastBytes: 1024, mostBytes: 65_536 },
    many: { files: 100_000, folders: 1000, leastBytes: 200, mostBytes: 8192 },
    saves: 200,
    savePause: 300,
    idleSeconds: 300,
    edits: 10,
    ofEach: 300,
    volumeMib: 4096,
  },
  small: {
    name: 'small',
    largeMib: 8,
    small: { files: 100, folders: 10, leastBytes: 1024, mostBytes: 65_536 },
    many: { files: 400, folders: 20, leastBytes: 200, mostBytes: 8192 },
    saves: 5,
    savePause: 50,
    idleSeconds: 1,
    edits: 2,
    ofEach: 10,
    volumeMib: 512,
  },
};
