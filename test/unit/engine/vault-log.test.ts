import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { HoldfastError, must, securityError } from '../../../src/common/errors.ts';
import { type NodeId, newId, rootNode } from '../../../src/common/ids.ts';
import { hashEntry } from '../../../src/crypto/entry-header.ts';
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
  await expect(after.folder('more')).rejects.toMatchObject({ kind: 'security', security: 'E_AUTH' });
  expect(calls.length).toBe(asked);
  after.index.close();
});

test('the newest position is kept outside of the index: of what came, and of what this device wrote', async () => {
  const world = vaultContextWorld('pinned');
  const [author, reader] = [world.device(0), world.device(1)];
  await author.context.pull();
  await author.folder('docs');
  await reader.context.pull();
  const { seq, head } = author.context.log.position;
  expect(seq).toBe(2);
  expect([author.pin.value, reader.pin.value]).toEqual([
    { seq, head },
    { seq, head },
  ]);
});

test('[F-REPLAY-8] a device that lost its index writes nothing where it has seen an entry', async () => {
  const world = vaultContextWorld('seen before');
  const author = world.device(0);
  await author.context.pull();
  await author.folder('first');
  await author.folder('second');
  const { api } = world.storage;
  const cut: VaultApi['getLog'] = async (vault, after, options) => {
    if (after >= 2) throw new HoldfastError('offline', 'the line is gone');
    return { ...(await api.getLog(vault, after, { ...options, maxCount: 2 })), isLast: false };
  };
  const taken: VaultApi['appendEntry'] = async (_, { header }) => ({
    status: 'done',
    head: { seq: 3, hash: hashEntry(header) },
  });
  const lost = world.deviceAt(
    1,
    { ...(api as unknown as VaultApi), getLog: cut, appendEntry: taken },
    ':memory:',
    author.pin.value,
  );
  await expect(lost.context.pull()).rejects.toMatchObject({ kind: 'offline' });
  expect(lost.context.log.position.seq).toBe(2);
  await expect(lost.folder('another')).rejects.toMatchObject({ kind: 'offline' });
  expect([lost.context.log.position.seq, lost.pin.value]).toEqual([2, author.pin.value]);
});

test('[F-REPLAY-8] the end of the log that the server names counts for nothing without the entries up to there', async () => {
  const world = vaultContextWorld('named only');
  const author = world.device(0);
  await author.context.pull();
  await author.folder('first');
  await author.folder('second');
  const { api } = world.storage;
  const short: VaultApi['getLog'] = async (vault, after) => {
    const { head, entries } = await api.getLog(vault, after);
    return { head, entries: entries.slice(0, 2 - after), isLast: true };
  };
  const storage = { ...(api as unknown as VaultApi), getLog: short };
  const lost = world.deviceAt(1, storage, ':memory:', author.pin.value);
  await expect(lost.context.pull()).rejects.toMatchObject({ security: 'E_ROLLBACK' });
  expect(lost.context.log.position).toMatchObject({ seq: 0, frozen: { code: 'E_ROLLBACK' } });
});

test('[F-REC-3] that the account is gone is refused as long as it is said, and stops the vault no longer', async () => {
  const world = vaultContextWorld('said only');
  const [author, reader] = [world.device(0), world.device(1)];
  await author.context.pull();
  await reader.context.pull();
  await author.folder('docs');
  const known = reader.account.author();
  const positions = new Map([...known.chain.positions].slice(0, -1));
  const stale = vi.spyOn(reader.account, 'author').mockReturnValue({ ...known, chain: { ...known.chain, positions } });
  vi.spyOn(reader.account, 'refresh').mockRejectedValueOnce(
    new HoldfastError('security', 'no such account', { security: 'E_ROLLBACK', reason: 'account-gone' }),
  );
  await expect(reader.context.pull()).rejects.toMatchObject({ security: 'E_ROLLBACK' });
  expect(reader.context.log.position).toMatchObject({ seq: 1, frozen: null });
  stale.mockRestore();
  await reader.context.pull();
  expect(reader.context.log.position).toMatchObject({ seq: 2, frozen: null });
});

test('what the index could not take is no position, neither of what came nor of what this device wrote', async () => {
  const world = vaultContextWorld('not taken');
  const [author, reader] = [world.device(0), world.device(1)];
  await author.context.pull();
  await author.folder('first');
  await reader.context.pull();
  const { log } = reader.context;
  const pinned = reader.pin.value;
  const fail = (): void => {
    vi.spyOn(reader.index, 'transaction').mockImplementationOnce(() => {
      throw new HoldfastError('io', 'the disk is full');
    });
  };
  await author.folder('second');
  fail();
  await expect(reader.context.pull()).rejects.toMatchObject({ kind: 'io' });
  expect([log.position.seq, reader.pin.value]).toEqual([2, pinned]);
  await reader.context.pull();
  fail();
  await expect(reader.folder('third')).rejects.toMatchObject({ kind: 'io' });
  expect(log.position.seq).toBe(3);
  // The server has it all the same.
  await reader.context.pull();
  expect(log.position.seq).toBe(4);
  expect(reader.index.read.remoteByName(rootNode, 'third')).not.toBeNull();
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

test('a log that is read for the first time, and breaks off twice, is whole in the end', async () => {
  const world = vaultContextWorld('broken off');
  const api = world.storage.api as unknown as VaultApi;
  const author = world.device(0);
  await author.context.pull();
  const folders: NodeId[] = [];
  const files: NodeId[] = [];
  for (let n = 0; n < 45; n++) {
    folders.push(await author.folder(`f${n}`, folders[n - 10]));
    files.push(await author.file('file', `content ${n}`, folders[n]));
    if (n % 5 === 3) await author.edit(must(files[n - 2]), `other content ${n}`);
    if (n % 9 === 8) await author.append({ type: 'delete', node: must(files[n - 4]) });
    if (n % 9 === 8) await author.append({ type: 'place', node: must(files[n]), parent: rootNode, name: `moved ${n}` });
  }
  let calls = 0;
  const breaking: VaultApi['getLog'] = async (vault, after, options) => {
    if (++calls % 4 === 0) throw new HoldfastError('offline', 'no connection');
    return api.getLog(vault, after, { ...options, maxCount: 12 });
  };
  const file = join(await tempFolder('index'), 'index.db');
  const open = () => world.deviceAt(1, { ...api, getLog: breaking }, file);
  let reader = open();
  await expect(reader.context.pull()).rejects.toMatchObject({ kind: 'offline' });
  await expect(reader.context.pull()).rejects.toMatchObject({ kind: 'offline' });
  reader.index.close();
  reader = open();
  for (let pulls = 0; pulls < 5 && reader.context.log.position.seq < author.context.log.position.seq; pulls++) {
    await reader.context.pull().catch(() => undefined);
  }
  expect([...reader.index.read.vaultRows()]).toEqual([...author.index.read.vaultRows()]);
  for (const node of files) {
    expect(reader.index.read.revisionsOf(node)).toEqual(author.index.read.revisionsOf(node));
  }
  expect(reader.index.integrityCheck()).toEqual([]);
  reader.index.close();
});

test('a server that says that much more is to come costs no indexes made anew; as much as there was does', async () => {
  const world = vaultContextWorld('boastful');
  const api = world.storage.api as unknown as VaultApi;
  const boastful: VaultApi['getLog'] = async (vault, after, options) => {
    const page = await api.getLog(vault, after, { ...options, maxCount: 10 });
    return page.entries.length === 0 ? page : { ...page, isLast: false, head: { ...page.head, seq: 1e9 } };
  };
  const author = world.device(0);
  const reader = world.deviceAt(1, { ...api, getLog: boastful }, ':memory:');
  let replays = 0;
  const { transaction } = reader.index;
  reader.index.transaction = (work, options) =>
    transaction((write) => {
      const beginVaultReplay = (): void => {
        replays++;
        write.beginVaultReplay();
      };
      return work({ ...write, beginVaultReplay });
    }, options);
  const pullMore = async (count: number): Promise<number> => {
    for (let n = 0; n < count; n++) await author.folder(`f${world.storage.calls.length}`);
    replays = 0;
    await reader.context.pull();
    expect(reader.context.log.position.seq).toBe(author.context.log.position.seq);
    return replays;
  };
  await author.context.pull();
  const made = [await pullMore(40), await pullMore(1), await pullMore(15), await pullMore(60)];
  expect(made).toEqual([1, 0, 0, 1]);
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
