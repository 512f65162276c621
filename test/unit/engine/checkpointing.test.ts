import { beforeEach, describe, expect, test } from 'vitest';
import { HoldfastError, must, securityError } from '../../../src/common/errors.ts';
import { type NodeId, newId, rootNode } from '../../../src/common/ids.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { encodeCheckpointHeader, parseCheckpointHeader } from '../../../src/crypto/checkpoint-header.ts';
import { bootstrapFromCheckpoint } from '../../../src/engine/log/bootstrap-from-checkpoint.ts';
import { stateRows } from '../../../src/engine/log/state-rows.ts';
import type { AccountAccess } from '../../../src/engine/log/vault-log.ts';
import { writeCheckpointIfDue } from '../../../src/engine/log/write-checkpoint-if-due.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { revokeDevice } from '../../../src/vault/account-steps.ts';
import type { StateRow } from '../../../src/vault/state-row.ts';
import { hourMs, type VaultContextWorld, type VaultDevice, vaultContextWorld } from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let device: VaultDevice;

beforeEach(async () => {
  world = vaultContextWorld('checkpoint');
  device = world.device(0);
  await device.context.pull();
});

const write = (of: VaultDevice = device) => writeCheckpointIfDue(of.context, of.storage);
const bootstrap = (of: VaultDevice, account: AccountAccess = of.account) =>
  bootstrapFromCheckpoint({
    index: of.index,
    log: of.context.log,
    storage: of.storage,
    account,
    signal: of.context.signal,
    logger: silentLogger,
  });

/** As after 5,000 entries, without the entries. */
const makeDue = (of: VaultDevice = device): void => of.index.transaction((w) => w.setMeta('checkpointSeq', -5000));

async function fill(): Promise<void> {
  const docs = await device.folder('docs');
  const file = await device.file('a.txt', 'one', docs);
  await device.edit(file, 'second');
  await device.file('long', new Uint8Array(600).fill(3));
  const gone = await device.folder('gone');
  await device.file('inside', 'x', gone);
  await device.append({ type: 'delete', node: gone });
  const empty = await device.file('released', 'y');
  await device.append({ type: 'delete', node: empty });
  await device.append({ type: 'release', revisions: device.index.read.revisionsOf(empty).map((r) => r.revision) });
}

async function rowsOf(of: VaultDevice): Promise<StateRow[]> {
  const rows: StateRow[] = [];
  for await (const row of stateRows(of.index.read, of.context.content.crypto, world.clock)) rows.push(row);
  return rows;
}

const checkpoint = () => world.storage.vault(world.vault).checkpoint;
const countOf = (call: string): number => world.storage.calls.filter((each) => each === call).length;

describe('writing', () => {
  test('nothing is written, and nobody asked, before it is due', async () => {
    await fill();
    expect(await write()).toBe(false);
    expect(countOf('getCheckpoint')).toBe(0);
  });

  test('one is written when it is due, and not again', async () => {
    await fill();
    makeDue();
    expect(await write()).toBe(true);
    expect(checkpoint()?.pages).toHaveLength(1);
    expect(await write()).toBe(false);
    expect(countOf('putCheckpoint')).toBe(1);
  });

  test('another device that was faster is found, and its state compared with our own', async () => {
    await fill();
    makeDue();
    await write();
    const other = world.device(1);
    await other.context.pull();
    makeDue(other);
    expect(await write(other)).toBe(false);
    expect(countOf('putCheckpoint')).toBe(1);
    expect(other.index.read.meta('checkpointSeq')).toBe(device.context.log.position.seq);
    expect(other.context.log.position.frozen).toBeNull();
  });

  test('a checkpoint that tells another history freezes the vault', async () => {
    await fill();
    makeDue();
    // A faulty author: its index is not what the log says.
    const wrong = must([...device.index.read.vaultRows()].find((row) => row.name === 'docs'));
    device.index.transaction((w) => w.putVaultRow({ ...wrong, name: 'other' }));
    await write();
    const other = world.device(1);
    await other.context.pull();
    makeDue(other);
    await expect(write(other)).rejects.toMatchObject({ kind: 'security', security: 'E_FORK' });
    expect(other.context.log.position.frozen).toMatchObject({ code: 'E_FORK' });
  });

  test('a full server is no reason to stop, or to try again at once', async () => {
    await fill();
    makeDue();
    world.storage.before = (call) => {
      if (call === 'putObjects') throw new HoldfastError('limit', 'full', { reason: 'quota' });
    };
    expect(await write()).toBe(false);
    expect(await write()).toBe(false);
    expect(countOf('putObjects') + countOf('getCheckpoint')).toBeLessThanOrEqual(10);
    const asked = countOf('getCheckpoint');
    world.storage.before = () => undefined;
    world.clock.time += 2 * hourMs;
    expect(await write()).toBe(true);
    expect(asked).toBe(1);
  });
});

describe('starting from one', () => {
  beforeEach(async () => {
    await fill();
    makeDue();
    await write();
  });

  test('a fresh index gets the state that replay would have given, and the log goes on from there', async () => {
    await device.file('later', 'z');
    const replayed = world.device(1);
    await replayed.context.pull();
    const fresh = world.device(1);
    const calls = countOf('getLog');
    expect(await bootstrap(fresh)).toBe(true);
    expect(countOf('getLog')).toBe(calls);
    expect(fresh.pin.value).toMatchObject({ seq: fresh.context.log.position.seq });
    await fresh.context.pull();
    expect(await rowsOf(fresh)).toEqual(await rowsOf(replayed));
    expect([...fresh.index.read.vaultRows()]).toEqual([...replayed.index.read.vaultRows()]);
    expect(fresh.context.log.position).toEqual(replayed.context.log.position);
    expect(fresh.index.read.counts()).toEqual(replayed.index.read.counts());
    expect(fresh.index.integrityCheck()).toEqual([]);
    expect(fresh.index.read.meta('bootstrapping')).toBeNull();
    expect(fresh.index.read.meta('checkpointSeq')).toBe(device.context.log.position.seq - 1);
    await fresh.file('written here', 'w');
    expect(await write(fresh)).toBe(false);
  });

  test('an index that knows something already replays', async () => {
    const other = world.device(1);
    await other.context.pull();
    expect(await bootstrap(other)).toBe(false);
  });

  test('a device that has seen a place before the checkpoint has to come by it again', async () => {
    expect(await bootstrap(world.device(1, { seq: 2, head: 'f'.repeat(64) }))).toBe(false);
    const { seq, head } = device.context.log.position;
    expect(await bootstrap(world.device(1, { seq, head }))).toBe(true);
    const ahead = world.device(1, { seq: seq + 5, head });
    expect(await bootstrap(ahead)).toBe(true);
    expect(ahead.pin.value).toMatchObject({ seq: seq + 5 });
    await expect(ahead.context.pull()).rejects.toMatchObject({ security: 'E_ROLLBACK' });
  });

  test('[F-CKPT-4] one by a device that was removed while this one was away is no beginning', async () => {
    const away = world.device(1);
    const known = away.account.author();
    const { chain } = revokeDevice(away.account.keys, known.chain, device.context.log.device, 0);
    let author = known;
    const refresh = async () => {
      author = { ...known, chain };
      return author;
    };
    const refreshIfDue = async (): Promise<void> => void (await refresh());
    expect(await bootstrap(away, { keys: away.account.keys, author: () => author, refresh, refreshIfDue })).toBe(false);
    expect(away.context.log.position.seq).toBe(0);
  });

  test('another history at the very place that it has seen freezes the vault', async () => {
    const lost = world.device(1, { seq: device.context.log.position.seq, head: 'f'.repeat(64) });
    await expect(bootstrap(lost)).rejects.toMatchObject({ security: 'E_FORK' });
    expect(lost.context.log.position.frozen).toMatchObject({ code: 'E_FORK' });
  });

  test('without one, without its keys or without a page, the log is replayed', async () => {
    for (const call of ['getCheckpoint', 'getGrants', 'getObjects']) {
      const fresh = world.device(1);
      world.storage.before = (each) => {
        if (each === call) throw new HoldfastError('missing', 'not there');
      };
      expect(await bootstrap(fresh)).toBe(false);
      world.storage.before = () => undefined;
      expect(fresh.index.read.counts().remoteNodes).toBe(0);
      expect(fresh.index.read.meta('bootstrapping')).toBeNull();
      await fresh.context.pull();
      expect(await rowsOf(fresh)).toEqual(await rowsOf(device));
    }
  });

  test('a page that is not what was signed freezes the vault, and leaves nothing of it', async () => {
    const [page] = checkpoint()?.pages ?? [];
    const sealed = must(world.storage.vault(world.vault).objects.get(must(page)));
    sealed[100] = (sealed[100] ?? 0) ^ 1;
    const fresh = world.device(1);
    await expect(bootstrap(fresh)).rejects.toMatchObject({ kind: 'security' });
    expect(fresh.context.log.position.frozen).not.toBeNull();
    expect(fresh.index.read.counts().remoteNodes).toBe(0);
    expect(fresh.index.integrityCheck()).toEqual([]);
  });

  test('one that names more keys than a vault can have is not followed', async () => {
    const told = must(checkpoint());
    const header = { ...parseCheckpointHeader(told.body), epoch: 20_000 };
    world.storage.vault(world.vault).checkpoint = { ...told, body: encodeCheckpointHeader(header) };
    const fresh = world.device(1);
    const asked = countOf('getGrants');
    expect(await bootstrap(fresh)).toBe(false);
    expect(countOf('getGrants')).toBe(asked);
    expect(fresh.context.log.position.frozen).toBeNull();
  });

  test('no key is asked for because of one that no device has signed', async () => {
    const told = must(checkpoint());
    const header = { ...parseCheckpointHeader(told.body), epoch: 16_000 };
    world.storage.vault(world.vault).checkpoint = { ...told, body: encodeCheckpointHeader(header) };
    const fresh = world.device(1);
    const asked = countOf('getGrants');
    await expect(bootstrap(fresh)).rejects.toMatchObject({ kind: 'security', security: 'E_AUTH' });
    expect(countOf('getGrants')).toBe(asked);
  });

  test('a checkpoint beyond the end of the log is found out', async () => {
    const { entries } = world.storage.vault(world.vault);
    entries.splice(4);
    const fresh = world.device(1);
    await bootstrap(fresh);
    await expect(fresh.context.pull()).rejects.toMatchObject({ kind: 'security' });
  });

  test('a stop in the middle of many pages leaves an index that starts anew', async () => {
    const operations = Array.from({ length: 9000 }, (_, i): Operation => {
      const node = newId<NodeId>(device.context.local.random);
      return { type: 'create-folder', node, parent: rootNode, name: `f${i}` };
    });
    for (let at = 0; at < operations.length; at += 4000) await device.append(...operations.slice(at, at + 4000));
    makeDue();
    expect(await write()).toBe(false);
    device.index.transaction((w) => w.setMeta('checkpointSeq', device.context.log.position.seq - 6000));
    world.storage.vault(world.vault).checkpoint = null;
    expect(await write()).toBe(true);
    const fresh = world.device(1);
    const { api } = world.storage;
    const getObjects = api.getObjects.bind(api);
    api.getObjects = async function* (...args) {
      let pages = 0;
      for await (const object of getObjects(...args)) {
        if (++pages === 2) throw new HoldfastError('offline', 'the line is down');
        yield object;
      }
    };
    expect(await bootstrap(fresh)).toBe(false);
    expect(fresh.index.read.counts().remoteNodes).toBe(0);
    expect(fresh.index.integrityCheck()).toEqual([]);
    api.getObjects = getObjects;
    expect(await bootstrap(fresh)).toBe(true);
    expect(fresh.index.read.counts().remoteNodes).toBe(device.index.read.counts().remoteNodes);
  });

  test('a frozen vault does not start anew', async () => {
    const fresh = world.device(1);
    expect(() => fresh.context.log.freeze(securityError('E_AUTH', 'stop'))).toThrow();
    expect(await bootstrap(fresh)).toBe(false);
  });
});
