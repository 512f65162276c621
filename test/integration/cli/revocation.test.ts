import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { parseEntryHeader } from '../../../src/crypto/entry-header.ts';
import { cliDevice, startCliServer } from '../../helpers/cli.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** Epochs of all entries that the server holds, in order. */
function epochs(data: string): number[] {
  const database = new Database(join(data, 'meta.db'), { readonly: true });
  try {
    const rows = database.prepare('SELECT header FROM entries ORDER BY seq').pluck().all() as Uint8Array[];
    return rows.map((header) => parseEntryHeader(new Uint8Array(header)).epoch);
  } finally {
    database.close();
  }
}

/** The current epoch of each vault, in order of size. */
function lastEpochs(data: string): number[] {
  const database = new Database(join(data, 'meta.db'), { readonly: true });
  try {
    return database.prepare('SELECT epoch FROM vaults ORDER BY epoch').pluck().all() as number[];
  } finally {
    database.close();
  }
}

test('after a device was signed out, the others begin a new epoch at once and go on (F-EPOCH-4)', async () => {
  const server = await startCliServer();
  const account = ['--server', server.url, '--email', 'anna@example.com'];
  const devices = await Promise.all(['a', 'b', 'c'].map((name) => cliDevice(name)));
  const base = await tempFolder('folders');
  const folders = devices.map((_, i) => join(base, String(i)));
  for (const [i, device] of devices.entries()) {
    expect((await device.run([i === 0 ? 'signup' : 'login', ...account])).code).toBe(0);
    const folder = folders[i] as string;
    await mkdir(folder);
    expect((await device.run(['add', folder, '--vault', 'V'])).code).toBe(0);
  }
  const [a, b, c] = devices as [(typeof devices)[0], (typeof devices)[0], (typeof devices)[0]];
  await writeFile(join(folders[0] as string, 'f'), 'before');
  for (const device of devices) expect((await device.run(['sync'])).json.converged).toBe(true);

  expect((await b.run(['logout'])).code).toBe(0);
  expect((await b.run(['sync'])).code).toBe(4);
  expect(await readFile(join(folders[1] as string, 'f'), 'utf8')).toBe('before');

  expect((await a.run(['sync'])).json).toMatchObject({ converged: true, filesUp: 0 });
  await writeFile(join(folders[0] as string, 'f'), 'after the sign-out');
  expect((await a.run(['sync'])).json).toMatchObject({ converged: true, filesUp: 1 });
  expect((await c.run(['sync'])).json).toMatchObject({ converged: true, filesDown: 1 });
  expect(await readFile(join(folders[2] as string, 'f'), 'utf8')).toBe('after the sign-out');
  expect((await c.run(['sync'])).json.operations).toBe(0);
  expect((await c.run(['verify', '--deep'])).json.problems).toEqual([]);
  await server.child.kill('SIGTERM');
  // Genesis, the first file, the rotation, the edit.
  expect(epochs(server.data)).toEqual([1, 1, 2, 2]);
});

test('removing a device changes the keys of each vault at once, though nothing runs and nothing was synced since (F-EPOCH-4)', async () => {
  const server = await startCliServer();
  const account = ['--server', server.url, '--email', 'ben@example.com'];
  const [a, b] = [await cliDevice('a'), await cliDevice('b')];
  const base = await tempFolder('folders');
  expect((await a.run(['signup', ...account])).code).toBe(0);
  expect((await b.run(['login', ...account, '--device', 'lost'])).code).toBe(0);
  for (const name of ['V', 'W', 'paused', 'gone']) {
    await mkdir(join(base, name));
    expect((await a.run(['add', join(base, name), '--vault', name])).code).toBe(0);
  }
  await writeFile(join(base, 'V', 'f'), 'before');
  expect((await a.run(['sync'])).json.converged).toBe(true);
  expect((await a.run(['pause', '--pair', join(base, 'paused')])).code).toBe(0);
  await rename(join(base, 'gone'), join(base, 'elsewhere'));

  expect((await a.run(['remove-device', 'lost', '--yes'])).code).toBe(0);
  expect(lastEpochs(server.data)).toEqual([1, 2, 2, 2]);

  await rename(join(base, 'elsewhere'), join(base, 'gone'));
  await a.run(['sync']);
  expect(lastEpochs(server.data)).toEqual([2, 2, 2, 2]);
  await server.child.kill('SIGTERM');
});
