import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from '../../sim/random.ts';
import { flip, oddDocument } from './mangle.ts';

/** Changes what lies below `.holdfast` of a folder, as whoever reaches its disk could. `elsewhere`: a folder that no link may lead to. */
export function changeOwnFolder(dice: Dice, root: string, elsewhere: string): string {
  const own = join(root, '.holdfast');
  const marker = join(own, 'marker');
  if (!existsSync(marker) || !lstatSync(marker).isFile()) return 'nothing there yet';
  const text = readFileSync(marker, 'utf8');
  const what = dice.pick([
    'flipped',
    'document',
    'other',
    'selection',
    'link',
    'folder',
    'stage',
    'trash',
    'parked',
    'big',
  ]);
  const replace = (path: string, make: () => void): void => {
    rmSync(path, { recursive: true, force: true });
    make();
  };
  if (what === 'flipped') writeFileSync(marker, flip(dice, Buffer.from(text)));
  else if (what === 'document') writeFileSync(marker, oddDocument(dice));
  else if (what === 'other') writeFileSync(marker, text.replace(/[0-9a-f]{32}/, '0123456789abcdef'.repeat(2)));
  else if (what === 'selection') {
    const deselected = Array.from({ length: dice.below(5000) }, () => Buffer.from(dice.bytes(16)).toString('hex'));
    writeFileSync(marker, JSON.stringify({ ...parsed(text), deselected }));
  } else if (what === 'link') replace(marker, () => symlinkSync(join(elsewhere, 'outside.txt'), marker));
  else if (what === 'folder') replace(marker, () => mkdirSync(marker));
  else if (what === 'big') writeFileSync(marker, Buffer.alloc(20 * 1024 * 1024, 0x20));
  // A trash that holds something is what must not get lost: a link is put in its place only while there is none.
  else if (!(what === 'trash' && existsSync(join(own, 'trash')))) {
    replace(join(own, what), () => symlinkSync(elsewhere, join(own, what)));
  }
  return what;
}

const parsed = (text: string): object => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};
