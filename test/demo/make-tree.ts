import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Fixed pseudo-random bytes: incompressible, and the same in every run. */
function noise(length: number, seed: number): Buffer {
  const key = Buffer.alloc(32, seed & 0xff);
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(seed, 0);
  return createCipheriv('aes-256-ctr', key, iv).update(Buffer.alloc(length));
}

/** About 200 MB: a few large files, and some 2,000 small ones in 100 folders. */
export function makeGeneratedTree(root: string): void {
  mkdirSync(root, { recursive: true });
  for (let i = 0; i < 3; i++) writeFileSync(join(root, `large-${i}.bin`), noise(55_000_000, 1000 + i));
  for (let folder = 0; folder < 100; folder++) {
    const path = join(root, `folder ${folder}`);
    mkdirSync(path);
    for (let i = 0; i < 20; i++) {
      const seed = folder * 20 + i;
      writeFileSync(join(path, `file ${i}.dat`), noise(1024 + ((seed * 7919) % 35_000), seed));
    }
  }
  for (const name of [
    'Grüße an Zoë.txt',
    'emoji 👩‍👩‍👧.md',
    'שלום.txt',
    ' leading space',
    'quotes \' and ".txt',
    '100% #1 & more',
  ]) {
    writeFileSync(join(root, name), `a file named ${name}\n`);
  }
  writeFileSync(join(root, 'empty'), '');
  mkdirSync(join(root, 'empty folder'));
}

/** The repository's own files: those that git tracks, or all but the installed ones where there is no git. */
export function copyRepository(from: string, to: string): number {
  const files = tracked(from);
  for (const file of files) {
    const target = join(to, file);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(from, file), target);
  }
  return files.length;
}

function tracked(root: string): string[] {
  try {
    const list = execFileSync('git', ['-C', root, 'ls-files', '-z'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return list
      .split('\0')
      .filter((file) => file !== '' && existsSync(join(root, file)) && statSync(join(root, file)).isFile());
  } catch {
    return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => !/^(node_modules|\.git)(\/|$)/.test(file) && statSync(join(root, file)).isFile(),
    );
  }
}
