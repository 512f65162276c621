import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from './random-bytes.ts';

export interface SmallFiles {
  readonly files: number;
  readonly folders: number;
  /** Sizes spread evenly over their orders of magnitude. */
  readonly leastBytes: number;
  readonly mostBytes: number;
}

/** Files spread over folders, two deep, below `root`; the same for the same numbers. */
export function writeSmallFiles(root: string, { files, folders, leastBytes, mostBytes }: SmallFiles): void {
  const random = randomBytes('small');
  const sizes = random(files * 4);
  const perFolder = Math.ceil(files / folders);
  for (let at = 0; at < files; at++) {
    const number = Math.floor(at / perFolder);
    const folder = join(root, `area-${Math.floor(number / 25)}`, `folder-${number}`);
    if (at % perFolder === 0) mkdirSync(folder, { recursive: true });
    const share = sizes.readUInt32LE(at * 4) / 2 ** 32;
    const size = Math.round(leastBytes * (mostBytes / leastBytes) ** share);
    writeFileSync(join(folder, `file-${at}.dat`), random(size));
  }
}
