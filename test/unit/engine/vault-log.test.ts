import { join } from 'node:path';
import { expect, test } from 'vitest';
import { securityError } from '../../../src/common/errors.ts';
import { type NodeId, newId, rootNode } from '../../../src/common/ids.ts';
import type { VaultApi } from '../../../src/remote/storage-api.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

test('a stop is not forgotten with the process, and nobody is asked again', async () => {
  const world = vaultContextWorld('stop');
  const { api, calls } = world.storage;
  const file = join(await tempFolder('index'), 'index.db');
  const open = () => world.deviceAt(0, api as unknown as VaultApi, file);
  const before = open();
  await before.context.pull();
  expect(() => before.context.log.freeze(securityError('E_AUTH', 'not authentic'))).toThrow('not authentic');
  before.index.close();
  const after = open();
  expect(after.context.log.position.frozen).toMatchObject({ code: 'E_AUTH' });
  const asked = calls.length;
  await expect(after.context.pull()).rejects.toMatchObject({ kind: 'security', security: 'E_AUTH' });
  expect(calls.length).toBe(asked);
  after.index.close();
});

test('whoever writes names that climb, again and again, does not fill the list of issues', async () => {
  const world = vaultContextWorld('names');
  const [author, reader] = [world.device(0), world.device(1)];
  await author.context.pull();
  for (let n = 0; n < 105; n++) {
    const node = newId<NodeId>(author.context.local.random);
    await author.append({ type: 'create-folder', node, parent: rootNode, name: '..' });
  }
  await reader.context.pull();
  const issues = reader.context.issues.all();
  expect(issues.every(({ security }) => security === 'E_PATH')).toBe(true);
  expect(issues.length).toBe(100);
});

test('a long log is read in turns with everything else', async () => {
  const world = vaultContextWorld('long');
  const api = world.storage.api as unknown as VaultApi;
  const inOnePage: VaultApi['getLog'] = (vault, after, options) =>
    api.getLog(vault, after, { ...options, maxCount: 1000 });
  const author = world.device(0);
  const reader = world.deviceAt(1, { ...api, getLog: inOnePage }, ':memory:');
  await author.context.pull();
  for (let n = 0; n < 600; n++) await author.folder(`f${n}`);
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  await reader.context.pull();
  clearImmediate(timer);
  expect(turns).toBeGreaterThanOrEqual(2);
  expect(reader.index.read.counts().remoteNodes).toBe(600);
});

test.each([
  ['first', 1, 0],
  ['fourth hundredth', 400, 398],
])(
  'the %s entry of a page is not what it was: all before it is applied, and the vault stops there',
  async (_, seq, nodes) => {
    const world = vaultContextWorld('broken');
    const api = world.storage.api as unknown as VaultApi;
    const broken: VaultApi['getLog'] = async (vault, after, options) => {
      const page = await api.getLog(vault, after, { ...options, maxCount: 1000 });
      const at = seq - after - 1;
      const entries = page.entries.map((entry, i) => {
        const ciphertext = entry.ciphertext.slice();
        if (i === at) ciphertext[0] = (ciphertext[0] ?? 0) ^ 1;
        return { ...entry, ciphertext };
      });
      return { ...page, entries };
    };
    const author = world.device(0);
    const reader = world.deviceAt(1, { ...api, getLog: broken }, ':memory:');
    await author.context.pull();
    for (let n = 0; n < 600; n++) await author.folder(`f${n}`);
    await expect(reader.context.pull()).rejects.toMatchObject({ kind: 'security' });
    const { log } = reader.context;
    expect(log.position).toMatchObject({ seq: seq - 1, frozen: { seq } });
    expect(reader.index.read.counts().remoteNodes).toBe(nodes);
  },
);
