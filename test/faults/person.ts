import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import type { RandomSteps } from '../helpers/random-steps.ts';
import { type Files, shown } from '../helpers/scenario-files.ts';

/** What persons wrote, and what they took away themselves, over all devices. */
export interface Ledger {
  readonly written: Set<string>;
  /** Contents that a person replaced or deleted where they had seen them. */
  readonly removed: Set<string>;
  /** Contents of files that a sync has said to be in the vault. */
  readonly secured: Set<string>;
  /** Bytes of all that was written. */
  bytes: number;
  number: number;
}

export const newLedger = (): Ledger => ({
  written: new Set(),
  removed: new Set(),
  secured: new Set(),
  bytes: 0,
  number: 0,
});

/** All that has to be somewhere, whatever happened. */
export function owed({ written, removed, secured }: Ledger): Set<string> {
  return new Set([...[...written].filter((content) => !removed.has(content)), ...secured]);
}

/** What was in the folder when a sync of it began is in the vault when the sync says that it converged. */
export function secure(ledger: Ledger, before: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(before)) {
    if (!path.endsWith('/') && content !== '') ledger.secured.add(content.replace(/ \+x$/, ''));
  }
}

const mib = 1024 * 1024;
const names = ['a', 'b', 'c', 'd', 'e.txt', 'ä'];

/** One thing that a person does; what is not possible as the folder is now is no change. */
export function act(steps: RandomSteps, files: Files, ledger: Ledger): string {
  const tree = treeNow(files);
  if (tree === null) return '';
  const paths = Object.keys(tree);
  const folders = ['', ...paths.filter((path) => path.endsWith('/') && path.split('/').length < 5)];
  const all = paths.map((path) => path.replace(/\/$/, ''));
  const target = `${steps.pick(folders)}${steps.pick(names)}`;
  const gone = (path: string): void => {
    for (const [known, content] of Object.entries(treeNow(files) ?? tree)) {
      if (known === path || known.startsWith(`${path}/`)) ledger.removed.add(content.replace(/ \+x$/, ''));
    }
  };
  const isFile = (path: string): boolean => existsSync(files.at(path)) && statSync(files.at(path)).isFile();
  try {
    const what = steps.below(16);
    if (what < 6) {
      const content = contentFor(steps, ++ledger.number);
      if (existsSync(files.at(target)) && !isFile(target)) return '';
      gone(target);
      files.write(target, content);
      ledger.written.add(shown(readFileSync(files.at(target))));
      ledger.bytes += content.length;
      return `write ${target}`;
    }
    if (what === 6 && all.length > 0) {
      const path = steps.pick(all);
      if (!isFile(path)) return '';
      gone(path);
      appendFileSync(files.at(path), ` and ${++ledger.number}`);
      const bytes = readFileSync(files.at(path));
      ledger.written.add(shown(bytes));
      ledger.bytes += bytes.length;
      return `append ${path}`;
    }
    if (what === 7) {
      files.mkdir(target);
      return `mkdir ${target}`;
    }
    if (what < 10 && all.length > 0) {
      const path = steps.pick(all);
      gone(path);
      files.rm(path);
      return `rm ${path}`;
    }
    if (what === 10 && all.length > 0) {
      const path = steps.pick(all);
      if (isFile(path)) files.exec(path, steps.below(2) === 0);
      return `chmod ${path}`;
    }
    if (all.length > 0) {
      const path = steps.pick(all);
      if (path === target) return '';
      if (isFile(target) && isFile(path)) gone(target);
      files.mv(path, target);
      return `mv ${path} ${target}`;
    }
  } catch {
    // A folder into itself, a file where a folder is, or the sync was quicker.
  }
  return '';
}

/** Null while something changes under the reader's eyes. */
function treeNow(files: Files): Readonly<Record<string, string>> | null {
  for (let tries = 0; tries < 20; tries++) {
    try {
      return files.tree();
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return null;
}

/** Mostly small texts, now and then one of some pieces; each of them unlike all others. */
function contentFor(steps: RandomSteps, number: number): Buffer {
  const head = Buffer.from(`content ${number} `);
  const kind = steps.below(20);
  if (kind === 0) return Buffer.concat([head, randomBytes(steps.below(6 * mib))]);
  if (kind < 4) return Buffer.concat([head, randomBytes(steps.below(200_000))]);
  return Buffer.concat([head, Buffer.from('x'.repeat(steps.below(80)))]);
}
