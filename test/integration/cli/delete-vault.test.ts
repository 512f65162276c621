import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliDevice, cliDevice, startCliServer } from '../../helpers/cli.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { Child } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

let server: Child;
let url: string;
let desk: CliDevice;
let laptop: CliDevice;
let base: string;
const at = (device: 'desk' | 'laptop', folder: string): string => join(base, device, folder);

beforeAll(async () => {
  ({ url, child: server } = await startCliServer());
  [desk, laptop] = [await cliDevice('desk'), await cliDevice('laptop')];
  base = await tempFolder('files');
  for (const device of ['desk', 'laptop'] as const)
    for (const folder of ['Letters', 'Photos']) mkdirSync(at(device, folder), { recursive: true });
  writeFileSync(join(at('desk', 'Letters'), 'ada.txt'), 'Dear Ada');
  writeFileSync(join(at('desk', 'Photos'), 'lake.jpg'), 'blue');
  const account = ['--server', url, '--email', 'ada@example.org'];
  await desk.run(['signup', ...account]);
  await laptop.run(['login', ...account]);
  for (const [name, device] of [['desk', desk] as const, ['laptop', laptop] as const]) {
    for (const folder of ['Letters', 'Photos']) await device.run(['add', at(name, folder)]);
    expect((await device.run(['sync'])).code).toBe(0);
  }
});
afterAll(() => server.kill());

const namesOf = async (device: CliDevice): Promise<string[]> =>
  (await device.run(['vaults'])).json.vaults.map(({ name }: { name: string }) => name);
const pairOf = async (device: CliDevice, folder: string) =>
  (await device.run(['status'])).json.pairs.find((pair: { folder: string }) => pair.folder.endsWith(folder));

it('vaults are listed with what the server holds of them, and the folder that has them here', async () => {
  expect((await desk.run(['vaults'])).json.vaults).toEqual([
    { vault: expect.any(String), name: 'Letters', bytes: expect.any(Number), pair: expect.any(String) },
    { vault: expect.any(String), name: 'Photos', bytes: expect.any(Number), pair: expect.any(String) },
  ]);
  const { stdout } = await desk.text(['vaults']);
  expect(stdout).toMatch(/NAME +ON THE SERVER +FOLDER HERE/);
  expect(stdout).toMatch(new RegExp(`Letters +\\S+ KiB +${at('desk', 'Letters')}`));
});

it('nobody deletes one without the password, or by another name', async () => {
  const wrong = await desk.run(['delete-vault', 'Letters'], { HOLDFAST_PASSWORD: 'not this one at all' });
  expect(wrong).toMatchObject({ code: 4, json: { error: { reason: 'password' } } });
  for (const name of ['letters', 'Papers']) {
    const other = await desk.run(['delete-vault', name]);
    expect(other).toMatchObject({ code: 1, json: { error: { reason: 'no-such-vault' } } });
  }
  const { vault } = (await desk.run(['vaults'])).json.vaults[1];
  const another = await desk.run(['delete-vault', 'Letters', '--id', vault.slice(0, 8)]);
  expect(another).toMatchObject({ code: 1, json: { error: { reason: 'vault-name' } } });
  expect(await namesOf(laptop)).toEqual(['Letters', 'Photos']);
  expect((await desk.run(['sync'])).code).toBe(0);
});

it('a deleted one takes no file along on any device, and leaves its name free', async () => {
  // The laptop was off, and was edited meanwhile.
  writeFileSync(join(at('laptop', 'Letters'), 'bob.txt'), 'Dear Bob');
  writeFileSync(join(at('desk', 'Photos'), 'hill.jpg'), 'green');
  const pin = join(desk.home, 'pins', `${(await pairOf(desk, 'Letters')).vault}.json`);
  const known = readFileSync(pin, 'utf8');
  const done = await desk.text(['delete-vault', 'Letters']);
  expect(done.code, done.stderr).toBe(0);
  expect(done.stdout).toContain('The vault “Letters” is deleted');
  expect(await namesOf(desk)).toEqual(['Photos']);
  expect((await desk.run(['pairs'])).json.pairs).toHaveLength(1);
  expect(readFileSync(join(at('desk', 'Letters'), 'ada.txt'), 'utf8')).toBe('Dear Ada');
  expect(existsSync(join(at('desk', 'Letters'), '.holdfast'))).toBe(true);
  expect(readFileSync(pin, 'utf8')).toBe(known);
  expect(readFileSync(join(desk.home, 'account.json'), 'utf8')).not.toContain('Letters');
  expect((await desk.run(['sync'])).code).toBe(0);
  expect((await desk.run(['delete-vault', 'Letters'])).json.error.reason).toBe('no-such-vault');

  const synced = await laptop.run(['sync']);
  expect(synced.code).toBe(2);
  const [letters, photos] = synced.json.pairs;
  expect(letters).toMatchObject({ state: 'needs-attention', converged: false, issues: 1 });
  expect(letters.message).toContain('deleted on another device, or the server no longer has it');
  expect(photos).toMatchObject({ state: 'up-to-date', converged: true, filesDown: 1 });
  expect((await laptop.run(['issues'])).json.issues).toEqual([expect.objectContaining({ kind: 'vault-gone' })]);
  const own = readdirSync(at('laptop', 'Letters')).filter((name) => name !== '.holdfast');
  expect(own.sort()).toEqual(['ada.txt', 'bob.txt']);
  expect((await laptop.run(['trash', '--pair', at('laptop', 'Photos')])).json.trash).toEqual([]);
  expect(await namesOf(laptop)).toEqual(['Photos']);

  const refused = await laptop.run(['add', at('laptop', 'Letters'), '--vault', 'Letters']);
  expect(refused.json.error).toMatchObject({ kind: 'refused' });
  await laptop.run(['remove', at('laptop', 'Letters')]);
  const again = await laptop.run(['add', at('laptop', 'Letters'), '--vault', 'Letters']);
  expect(again.json).toMatchObject({ isNewVault: true, vaultName: 'Letters' });
  expect(again.json.vault).not.toBe(letters.vault);
  expect((await laptop.run(['sync'])).code).toBe(0);
  const joined = await desk.run(['add', at('desk', 'Letters'), '--vault', 'Letters']);
  expect(joined.json).toMatchObject({ isNewVault: false, vault: again.json.vault });
  expect((await desk.run(['sync'])).code).toBe(0);
  expect(readFileSync(join(at('desk', 'Letters'), 'bob.txt'), 'utf8')).toBe('Dear Bob');
  expect(await namesOf(laptop)).toEqual(['Photos', 'Letters']);
});

it('a device that runs hears of it, keeps its files, and goes on with its other folders', async () => {
  const daemon = await laptop.start(['daemon']);
  await eventually(async () => (await pairOf(laptop, 'Letters')).state === 'up-to-date');
  const { bytes } = (await desk.run(['vaults'])).json.vaults[1];
  expect(bytes).toBeGreaterThan(0);
  const done = await desk.run(['delete-vault', 'Letters']);
  expect(done.json).toMatchObject({ name: 'Letters' });
  await eventually(async () => (await pairOf(laptop, 'Letters')).state === 'needs-attention');
  writeFileSync(join(at('laptop', 'Letters'), 'carol.txt'), 'Dear Carol');
  writeFileSync(join(at('laptop', 'Photos'), 'wood.jpg'), 'brown');
  await eventually(async () => (await pairOf(laptop, 'Photos')).files === 3);
  expect((await desk.run(['sync'])).json.filesDown).toBe(1);
  expect(await pairOf(laptop, 'Letters')).toMatchObject({
    state: 'needs-attention',
    messageKind: 'issue',
    issues: 1,
  });
  expect(readFileSync(join(at('laptop', 'Letters'), 'carol.txt'), 'utf8')).toBe('Dear Carol');
  // By the device whose own folder it is: it ends there, and stays on the disk.
  expect((await laptop.run(['delete-vault', 'Photos'])).json.name).toBe('Photos');
  expect((await laptop.run(['pairs'])).json.pairs).toHaveLength(1);
  expect(readFileSync(join(at('laptop', 'Photos'), 'lake.jpg'), 'utf8')).toBe('blue');
  await laptop.run(['stop']);
  expect((await daemon.child.finished).code).toBe(0);
});
