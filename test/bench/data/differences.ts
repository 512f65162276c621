import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the contestants keep in a folder's root for themselves. */
const own = new Set(['.holdfast', '.stfolder', '.stversions']);
const piece = 1 << 20;

/** Paths at which two folders differ, by kind, presence or content; nothing else counts. At most `most` of them. */
export function differences(one: string, two: string, most = 5): string[] {
  const found: string[] = [];
  const compare = (path: string): void => {
    if (found.length >= most) return;
    const [left, right] = [list(join(one, path)), list(join(two, path))];
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      const below = join(path, name);
      const kind = left.get(name);
      if (path === '' && own.has(name)) continue;
      if (kind !== right.get(name)) found.push(below);
      else if (kind === 'folder') compare(below);
      else if (!hasSameContent(join(one, below), join(two, below))) found.push(below);
    }
  };
  compare('');
  return found.slice(0, most);
}

/** Whether one path is alike in both folders: the same file, two folders, or in neither. */
export function isAlike(one: string, two: string, path: string): boolean {
  const [left, right] = [join(one, path), join(two, path)].map((at) => statSync(at, { throwIfNoEntry: false }));
  if (left === undefined || right === undefined) return left === right;
  if (left.isDirectory() || right.isDirectory()) return left.isDirectory() && right.isDirectory();
  return hasSameContent(join(one, path), join(two, path));
}

const list = (folder: string): Map<string, 'folder' | 'file'> =>
  new Map(
    readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry.isDirectory() ? 'folder' : 'file']),
  );

const [leftPiece, rightPiece] = [Buffer.alloc(piece), Buffer.alloc(piece)];

function hasSameContent(one: string, two: string): boolean {
  const size = statSync(one).size;
  if (size !== statSync(two).size) return false;
  const [left, right] = [openSync(one, 'r'), openSync(two, 'r')];
  try {
    for (let at = 0; at < size; at += piece) {
      const length = readSync(left, leftPiece, 0, piece, at);
      if (readSync(right, rightPiece, 0, piece, at) !== length) return false;
      if (!leftPiece.subarray(0, length).equals(rightPiece.subarray(0, length))) return false;
    }
    return true;
  } finally {
    closeSync(left);
    closeSync(right);
  }
}
