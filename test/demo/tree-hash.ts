import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface TreeHash {
  readonly hash: string;
  readonly files: number;
  readonly bytes: number;
}

/** SHA-256 over names, exec bits and contents of all that is below `root`, `.holdfast` left out. */
export async function treeHash(root: string): Promise<TreeHash> {
  const hash = createHash('sha256');
  let files = 0;
  let bytes = 0;
  const walk = async (folder: string, prefix: string): Promise<void> => {
    for (const name of (await readdir(folder)).sort()) {
      if (prefix === '' && name === '.holdfast') continue;
      const path = join(folder, name);
      const info = await stat(path);
      if (info.isDirectory()) {
        hash.update(`folder ${prefix}${name}\n`);
        await walk(path, `${prefix}${name}/`);
        continue;
      }
      const content = createHash('sha256');
      await pipeline(createReadStream(path), content);
      hash.update(`file ${prefix}${name} ${info.mode & 0o100} ${content.digest('hex')}\n`);
      files++;
      bytes += info.size;
    }
  };
  await walk(root, '');
  return { hash: hash.digest('hex'), files, bytes };
}
