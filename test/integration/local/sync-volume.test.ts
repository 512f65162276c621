import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { volumeSync } from '../../../src/local/sync-volume.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** Ends as its last argument says, and notes what asked for it. */
function program(folder: string): { readonly path: string; parents(): string[] } {
  const path = join(folder, 'sync');
  const notes = join(folder, 'notes');
  writeFileSync(notes, '');
  writeFileSync(
    path,
    `#!/bin/sh
echo "$PPID" >> '${notes}'
echo "not an answer"
case "$2" in *fails) exit 1;; *dies) kill -9 "$PPID"; sleep 5;; *slow) sleep 0.3;; esac
exit 0
`,
  );
  chmodSync(path, 0o755);
  return { path, parents: () => readFileSync(notes, 'utf8').split('\n').filter(Boolean) };
}

test.runIf(process.platform === 'linux')('what the program ended with is told, by one process that stays', async () => {
  const { path, parents } = program(await tempFolder());
  const sync = volumeSync(path);
  expect(await sync('/a folder')).toBe(true);
  expect(await sync('/that fails')).toBe(false);
  expect(await sync('/again')).toBe(true);
  expect(await sync('/two\nlines')).toBe(false);
  expect(new Set(parents()).size).toBe(1);
  expect(parents()).toHaveLength(3);
});

test.runIf(process.platform === 'linux')(
  'what dies has synced nothing, and the next one is asked of another',
  async () => {
    const { path, parents } = program(await tempFolder());
    const sync = volumeSync(path);
    expect(await sync('/it dies')).toBe(false);
    expect(await sync('/next')).toBe(true);
    expect(new Set(parents()).size).toBe(2);
  },
);

test.runIf(process.platform === 'linux')('no volume waits for another, and each hears its own answer', async () => {
  const { path } = program(await tempFolder());
  const sync = volumeSync(path);
  const order: string[] = [];
  const ask = async (name: string): Promise<boolean> => {
    const isSynced = await sync(name);
    order.push(name);
    return isSynced;
  };
  expect(await Promise.all([ask('/slow'), ask('/fails'), ask('/fine')])).toEqual([true, false, true]);
  expect(order.at(-1)).toBe('/slow');
});

test.runIf(process.platform === 'linux')('where it cannot be started nothing is synced', async () => {
  expect(await volumeSync('/nothing/here')('/')).toBe(false);
  expect(await volumeSync('/bin/true', { shell: '/no/shell' })('/')).toBe(false);
});

test.runIf(process.platform === 'linux')('a program that has synced ends when it is done', () => {
  const module = new URL('../../../src/local/sync-volume.ts', import.meta.url).href;
  const source = `const { volumeSync } = await import(${JSON.stringify(module)}); console.log(String(await volumeSync('/bin/true', { idleMs: 3_600_000 })('/')));`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', source]).toString()).toBe('true\n');
});
