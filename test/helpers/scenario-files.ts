import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Ends every content that a row writes as text, so that it can be looked for where nobody may read it. */
export const plantedContent = 'PlantedContentV3walrus';
/** In the names of devices, and so of conflict copies; and of the vaults. */
export const plantedName = 'PlantedNameZ9ostrich';

/** Paths with what is there: `d/` → '', a file → its text, ` +x` after it if executable; long contents as size and hash. */
export type Tree = Readonly<Record<string, string>>;

const maxText = 300;

/** A text as it stands on the disk. Empty stays empty. */
export const bytesOf = (text: string): Buffer => Buffer.from(text === '' ? '' : `${text}|${plantedContent}`);

/** The bytes of a file as {@link Tree} shows them. */
export function shown(bytes: Uint8Array): string {
  if (bytes.length > maxText) {
    return `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
  }
  const text = Buffer.from(bytes).toString();
  const end = `|${plantedContent}`;
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

/** What a person does in a folder; paths are relative to it, parents are made. */
export interface Files {
  readonly root: string;
  at(path: string): string;
  write(path: string, content: string | Uint8Array): void;
  mkdir(path: string): void;
  /** A file or a folder with all in it. */
  rm(path: string): void;
  mv(from: string, to: string): void;
  touch(path: string, time: Date): void;
  exec(path: string, isExec: boolean): void;
  has(path: string): boolean;
  /** As {@link Tree} shows it. */
  read(path: string): string;
  tree(): Tree;
}

export function filesIn(root: string): Files {
  const at = (path: string): string => join(root, path);
  const parent = (path: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
  };
  return {
    root,
    at,
    write: (path, content) => {
      parent(path);
      writeFileSync(at(path), typeof content === 'string' ? bytesOf(content) : content);
    },
    mkdir: (path) => {
      mkdirSync(at(path), { recursive: true });
    },
    rm: (path) => rmSync(at(path), { recursive: true }),
    mv: (from, to) => {
      parent(to);
      renameSync(at(from), at(to));
    },
    touch: (path, time) => utimesSync(at(path), time, time),
    exec: (path, isExec) => chmodSync(at(path), isExec ? 0o755 : 0o644),
    has: (path) => existsSync(at(path)),
    read: (path) => shown(readFileSync(at(path))),
    tree: () => readTreeOf(root),
  };
}

/** Every file and folder below `root` but Holdfast's own folder. */
export function readTreeOf(root: string): Tree {
  const tree: Record<string, string> = {};
  const walk = (prefix: string): void => {
    for (const name of readdirSync(join(root, prefix)).sort()) {
      if (prefix === '' && name === '.holdfast') continue;
      const path = prefix + name;
      const stat = lstatSync(join(root, path));
      if (stat.isDirectory()) {
        tree[`${path}/`] = '';
        walk(`${path}/`);
      } else if (stat.isFile()) tree[path] = shown(readFileSync(join(root, path))) + (stat.mode & 0o100 ? ' +x' : '');
    }
  };
  walk('');
  return tree;
}

const conflictMark = / \(conflict from [^()]*, \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d(?:, \d+)?\)(\.[^./]*)?$/;

/** `name (conflict from …).txt` becomes `cc(name.txt)`, in every component of a path; a second such one `cc2(…)`. */
export function withoutMarks(tree: Tree): Tree {
  const plain: Record<string, string> = {};
  for (const [path, content] of Object.entries(tree)) {
    const parts = path.split('/').map((part) => {
      const found = conflictMark.exec(part);
      return found === null ? part : `cc(${part.slice(0, found.index)}${found[1] ?? ''})`;
    });
    let key = parts.join('/');
    for (let number = 2; key in plain; number++) key = parts.join('/').replace(/cc\d*\(/, `cc${number}(`);
    plain[key] = content;
  }
  return plain;
}

/** Contents of all files that lie in the trash of a folder. */
export function trashedContents(root: string): string[] {
  const trash = join(root, '.holdfast/trash');
  if (!existsSync(trash)) return [];
  return readdirSync(trash, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => shown(readFileSync(join(entry.parentPath, entry.name))));
}
