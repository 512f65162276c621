import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../src/app/device.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { newId, type VaultId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

const password = 'quiet lamp orbits seven pines';

let server: TestServer;
let device: Device;
let service: Service;
let base: string;
/** What of the true answers comes otherwise. */
let lie: Partial<StorageApi> = {};

beforeAll(async () => {
  server = await startTestServer();
  base = await tempFolder('files');
  const ports = await appPorts(async (_, session) => {
    const api = server.connect(session);
    return {
      ...api,
      listVaults: (...args) => (lie.listVaults ?? api.listVaults)(...args),
      deleteVault: (...args) => (lie.deleteVault ?? api.deleteVault)(...args),
      getLog: (...args) => (lie.getLog ?? api.getLog)(...args),
    };
  });
  device = openDevice(ports, createBandwidth(systemClock));
  service = deviceService(device, null);
  await service.signup({ server: server.url, email: 'ada@example.org', password, deviceName: 'First' });
});
afterAll(async () => {
  await device.close();
  await server.close();
});
beforeEach(() => {
  lie = {};
});

const folder = (name: string): string => join(base, name);
async function add(name: string, vault: string | null = null) {
  mkdirSync(folder(name), { recursive: true });
  return service.add({ folder: folder(name), vault, isPaused: false });
}
const stateOf = async (name: string) =>
  (await service.status({})).pairs.find((pair) => pair.folder === folder(name))?.state;
const truth = () => device.session().then(({ storage }) => storage);
/** The one vault that there is, with the pair that syncs it. */
async function only() {
  const [vault, ...others] = (await service.vaults({})).vaults;
  expect(others).toEqual([]);
  return must(vault);
}
const listed = async () => (await service.vaults({})).vaults.map(({ name }) => name);

it('stays, and goes on syncing, where the server does not do it or nobody knows whether it did', async () => {
  await add('Letters');
  writeFileSync(join(folder('Letters'), 'ada.txt'), 'Dear Ada');
  expect((await service.sync({ pair: null })).converged).toBe(true);
  const ask = () => service['delete-vault']({ vault: null, name: 'Letters', password });
  lie.deleteVault = async () => {
    expect(await stateOf('Letters')).toBe('paused');
    throw new HoldfastError('missing', 'There is no such address here.', { reason: 'route' });
  };
  await expect(ask()).rejects.toMatchObject({ kind: 'version', reason: 'server-version' });
  lie.deleteVault = async () => {
    throw new HoldfastError('offline', 'The answer was lost.');
  };
  await expect(ask()).rejects.toMatchObject({ kind: 'offline', message: expect.stringContaining('may be deleted') });
  lie = {};
  expect(await stateOf('Letters')).not.toBe('paused');
  writeFileSync(join(folder('Letters'), 'bob.txt'), 'Dear Bob');
  expect(await service.sync({ pair: null })).toMatchObject({ converged: true, filesUp: 1 });
  expect(await listed()).toEqual(['Letters']);
});

it('a server that hides it makes nobody lose a file or what is known of it, and one that invents it is not believed', async () => {
  const { vault, pair } = await only();
  const all = await (await truth()).listVaults();
  const planted = newId<VaultId>(systemRandom);
  const asked: VaultId[] = [];
  lie = {
    listVaults: async () => [{ ...must(all[0]), vault: planted }],
    getLog: async (of) => {
      asked.push(of);
      throw new HoldfastError('missing', 'gone', { reason: 'vault' });
    },
  };
  expect(await listed()).toEqual([]);
  expect(asked).toEqual([]);
  writeFileSync(join(folder('Letters'), 'carol.txt'), 'Dear Carol');
  const hidden = await service.sync({ pair });
  expect(hidden).toMatchObject({ converged: false, state: 'needs-attention', issues: 1 });
  expect((await service.issues({ pair: null })).issues).toMatchObject([{ kind: 'vault-gone' }]);
  expect(readFileSync(join(folder('Letters'), 'carol.txt'), 'utf8')).toBe('Dear Carol');
  // Whoever adds another folder with that name meanwhile gets a vault of their own, made here.
  const made = await add('Other letters', 'Letters');
  expect(made).toMatchObject({ isNewVault: true });
  expect(made.vault).not.toBe(vault);
  expect(asked).not.toContain(planted);

  lie = {};
  const back = await service.sync({ pair });
  expect(back).toMatchObject({ converged: true, issues: 0, filesUp: 1 });
  expect((await service.issues({ pair: null })).issues).toEqual([]);
  expect(await listed()).toEqual(['Letters', 'Letters']);
});

it('of two with one name the one that is named by its id goes, and of another name neither', async () => {
  const [first, second] = (await service.vaults({})).vaults;
  const ask = (vault: VaultId | null, name: string) => service['delete-vault']({ vault, name, password });
  await expect(ask(null, 'Letters')).rejects.toMatchObject({ kind: 'usage', reason: 'which-vault' });
  await expect(ask(second?.vault ?? null, 'Photos')).rejects.toMatchObject({ kind: 'usage', reason: 'vault-name' });
  await expect(service['delete-vault']({ vault: null, name: 'Letters', password: 'no' })).rejects.toMatchObject({
    reason: 'password',
  });
  expect(await listed()).toHaveLength(2);
  expect(await ask(second?.vault ?? null, 'Letters')).toEqual({ vault: second?.vault, name: 'Letters' });
  expect((await service.vaults({})).vaults.map(({ vault }) => vault)).toEqual([first?.vault]);
  expect((await service.pairs({})).pairs.map((each) => each.vault)).toEqual([first?.vault]);
});

it('one that comes back shorter than this device has seen it is a security stop, also after it was missing', async () => {
  const { vault, pair } = await only();
  const storage = await truth();
  lie.getLog = async () => {
    throw new HoldfastError('missing', 'gone', { reason: 'vault' });
  };
  await service.sync({ pair });
  expect(await stateOf('Letters')).toBe('needs-attention');
  lie = {};
  const whole = await storage.getLog(vault, 0);
  const [genesis] = whole.entries;
  lie.getLog = async (_, after) => ({
    entries: after === 0 && genesis !== undefined ? [genesis] : [],
    head: { seq: 1, hash: whole.head.hash },
    isLast: true,
  });
  await service.sync({ pair });
  expect(await stateOf('Letters')).toBe('frozen');
  const issues = (await service.issues({ pair: null })).issues;
  expect(issues.map(({ kind, security }) => [kind, security])).toEqual([['security', 'E_ROLLBACK']]);
  expect(readFileSync(join(folder('Letters'), 'carol.txt'), 'utf8')).toBe('Dear Carol');
});
