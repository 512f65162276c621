import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { act, type Ledger } from '../faults/person.ts';
import type { RandomSteps } from '../helpers/random-steps.ts';
import { type Files, shown } from '../helpers/scenario-files.ts';

type Act = (steps: RandomSteps, files: Files, ledger: Ledger, device: string) => Promise<void>;

/** One thing that a person or a program does; what the disk has no room for, or does not allow, is not done. */
export async function work(steps: RandomSteps, files: Files, ledger: Ledger, device: string): Promise<void> {
  try {
    if (steps.below(3) > 0) act(steps, files, ledger);
    else await steps.pick(programs)(steps, files, ledger, device);
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
  }
}

const content = (ledger: Ledger, size: number): Buffer =>
  Buffer.concat([Buffer.from(`content ${++ledger.number} `), randomBytes(size)]);

function replaced(ledger: Ledger, files: Files, path: string): void {
  if (existsSync(files.at(path))) ledger.removed.add(shown(readFileSync(files.at(path))));
}

function written(ledger: Ledger, bytes: Buffer): void {
  ledger.written.add(shown(bytes));
  ledger.bytes += bytes.length;
}

const saveByRename: Act = async (steps, files, ledger) => {
  const path = `doc-${steps.below(4)}.txt`;
  const bytes = content(ledger, steps.below(40_000));
  replaced(ledger, files, path);
  writeFileSync(files.at(`.${path}.tmp`), bytes);
  renameSync(files.at(`.${path}.tmp`), files.at(path));
  written(ledger, bytes);
};

const saveWithBackup: Act = async (steps, files, ledger) => {
  const path = `vim-${steps.below(3)}.txt`;
  const bytes = content(ledger, steps.below(9000));
  replaced(ledger, files, path);
  if (existsSync(files.at(path))) renameSync(files.at(path), files.at(`${path}~`));
  await wait(steps.below(30));
  writeFileSync(files.at(path), bytes);
  written(ledger, bytes);
  rmSync(files.at(`${path}~`), { force: true });
};

const writeInOtherCase: Act = async (steps, files, ledger) => {
  const path = steps.pick(['README', 'Readme', 'readme', 'ReadMe/x', 'rEADME/y']);
  const bytes = content(ledger, steps.below(200));
  replaced(ledger, files, path);
  files.write(path, bytes);
  written(ledger, bytes);
};

const writeSlowly: Act = async (steps, files, ledger) => {
  const name = `slow-${steps.below(2)}.bin`;
  const path = files.at(name);
  replaced(ledger, files, name);
  const file = openSync(path, 'w');
  const parts: Buffer[] = [];
  try {
    for (let count = 8; count > 0; count--) {
      const part = content(ledger, steps.below(400_000));
      writeSync(file, part);
      parts.push(part);
      await wait(steps.below(120));
    }
  } finally {
    closeSync(file);
  }
  // A newer one of another device may have taken its place meanwhile.
  const bytes = Buffer.concat(parts);
  if (existsSync(path) && readFileSync(path).equals(bytes)) written(ledger, bytes);
};

const keepDatabase: Act = async (steps, files, _ledger, device) => {
  const db = new Database(files.at(`${device}.sqlite`));
  try {
    db.pragma(`journal_mode = ${steps.pick(['WAL', 'DELETE'])}`);
    db.exec('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)');
    for (let count = 12; count > 0; count--) {
      db.prepare('INSERT INTO notes (text) VALUES (?)').run('x'.repeat(steps.below(2000)));
      if (count % 4 === 0) await wait(steps.below(40));
    }
    db.exec('DELETE FROM notes WHERE id < (SELECT max(id) - 100 FROM notes)');
  } finally {
    db.close();
  }
};

/** So that the disks are filled by the faults alone. */
const tidyUp: Act = async (_steps, files, ledger) => {
  for (const [path, content] of Object.entries(files.tree())) {
    if (!/^\d{7,} bytes/.test(content)) continue;
    ledger.removed.add(content.replace(/ \+x$/, ''));
    rmSync(files.at(path));
  }
};

const programs: readonly Act[] = [saveByRename, saveWithBackup, writeInOtherCase, writeSlowly, keepDatabase, tidyUp];
