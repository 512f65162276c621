import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashEntry } from '../../src/crypto/entry-header.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import type { HttpStorageOptions } from '../../src/remote/http-storage-api.ts';
import type { Hint, StorageApi } from '../../src/remote/storage-api.ts';
import { eventually } from '../helpers/eventually.ts';
import {
  accept,
  acceptEntry,
  addDevice,
  bytes,
  createVault,
  login,
  makeAccount,
  makeDevice,
  makeEntry,
  makeEvent,
  makeGrants,
  makeObject,
  makeRecord,
  makeSignup,
  makeVault,
  recordEvent,
  type TestAccount,
} from '../helpers/test-account.ts';
import { connectDevice, signUp } from '../helpers/test-server.ts';
import { vaultApiContract } from './vault-api-contract.ts';

export interface StorageWorld {
  /** A client without a session, unless the options say otherwise. */
  connect(options?: Partial<HttpStorageOptions>): StorageApi;
  close(): Promise<void>;
}

/** What every implementation of the storage API promises; `open` gives an empty, honest server each time. */
export function storageApiContract(name: string, open: () => Promise<StorageWorld>): void {
  let world: StorageWorld;
  beforeEach(async () => {
    world = await open();
  });
  afterEach(() => world.close());

  vaultApiContract(name, async () => {
    const { api, account } = await signUp(world.connect);
    return { api, vault: await createVault(api, account) };
  });

  describe(`${name}: accounts`, () => {
    it('knows no round trip before the first question, and none that is less than nothing after it', async () => {
      const account = makeAccount();
      const api = world.connect();
      expect(api.roundTrip()).toBe(0);
      await api.signup(makeSignup(account));
      await connectDevice(world.connect, account).listVaults();
      const known = api.roundTrip();
      expect(known).toBeGreaterThanOrEqual(0);
      expect(known).toBeLessThan(60_000);
    });

    it('makes an account once, and answers the same sign-up again as the first time', async () => {
      const account = makeAccount();
      const signup = makeSignup(account);
      const api = world.connect();
      expect(await api.signup(signup)).toEqual({ chain: account.head });
      expect(await api.signup(signup)).toEqual({ chain: account.head });
      const twin = makeAccount(account.email);
      await expect(api.signup(makeSignup(twin))).rejects.toMatchObject({ kind: 'conflict', reason: 'email-taken' });
      const changed = { ...makeAccount(), id: account.id };
      await expect(api.signup(makeSignup(changed))).rejects.toMatchObject({ kind: 'conflict', reason: 'exists' });
    });

    it('tells salt and parameters for any address, always the same', async () => {
      const { api, account } = await signUp(world.connect);
      expect(await api.prelogin(` ${account.email.toUpperCase()}`)).toMatchObject({
        account: account.id,
        kdf: { salt: account.salt },
      });
      const unknown = await api.prelogin('nobody@example.org');
      expect(await api.prelogin('nobody@example.org')).toEqual(unknown);
      expect(unknown.kdf).toMatchObject({ memoryKiB: 131_072, passes: 3, lanes: 1 });
      expect((await api.prelogin('someone@example.org')).account).not.toBe(unknown.account);
    });

    it.each(['password', 'recovery', 'device'] as const)('lets in by the %s key, and by no other', async (method) => {
      const { account } = await signUp(world.connect);
      const api = world.connect();
      const session = await login(api, account, method);
      expect(session).toMatchObject({ account: account.id, device: account.device.id });
      const refused = { kind: 'refused', reason: 'login' };
      await expect(login(api, account, method, account.device, { key: signingKey(bytes(32)) })).rejects.toMatchObject(
        refused,
      );
      await expect(login(api, makeAccount(), method)).rejects.toMatchObject(refused);
      const other = await signUp(world.connect);
      const foreign = { account: other.account.id };
      await expect(login(api, account, method, account.device, foreign)).rejects.toMatchObject(refused);
    });

    it('takes a challenge once, and only its own', async () => {
      const { account } = await signUp(world.connect);
      const api = world.connect();
      const serverNonce = await api.challenge();
      await login(api, account, 'device', account.device, { serverNonce });
      const refused = { kind: 'refused', reason: 'login' };
      await expect(login(api, account, 'device', account.device, { serverNonce })).rejects.toMatchObject(refused);
      await expect(login(api, account, 'device', account.device, { serverNonce: bytes(32) })).rejects.toMatchObject(
        refused,
      );
    });

    it('refuses a login that was signed for another server', async () => {
      const { account } = await signUp(world.connect);
      const relayed = { origin: 'https://evil.example.org' };
      await expect(login(world.connect(), account, 'password', account.device, relayed)).rejects.toMatchObject({
        kind: 'refused',
      });
    });

    it('lets a new device reach record and chain only, until it is in the chain', async () => {
      const { account } = await signUp(world.connect);
      const device = makeDevice();
      const api = connectJoining(account, device);
      expect((await api.getRecord()).chain).toEqual(account.head);
      await expect(api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'device' });
      const event = accept(account, addDevice(account, device));
      expect(await api.appendEvent(event)).toEqual({ status: 'done', head: account.head });
      expect(await api.listVaults()).toEqual([]);
    });

    it('ends the sessions of a revoked device', async () => {
      const { api, account } = await signUp(world.connect);
      const device = makeDevice();
      const joining = connectJoining(account, device);
      await joining.appendEvent(accept(account, addDevice(account, device)));
      expect(await joining.listVaults()).toEqual([]);
      await api.appendEvent(accept(account, makeEvent(account, { kind: 'device-revoke', device: device.id })));
      await expect(joining.listVaults()).rejects.toMatchObject({ kind: 'refused' });
      await expect(login(world.connect(), account, 'password', device)).rejects.toMatchObject({ reason: 'login' });
    });

    it('ends a session at logout', async () => {
      const { account } = await signUp(world.connect);
      const { token } = await login(world.connect(), account);
      const api = world.connect({ token: () => token });
      expect(await api.listVaults()).toEqual([]);
      await api.logout();
      await expect(api.listVaults()).rejects.toMatchObject({ kind: 'refused', reason: 'session' });
    });

    it('keeps the chain, and appends by compare-and-swap', async () => {
      const { api, account } = await signUp(world.connect);
      const [one, two] = [addDevice(account, makeDevice()), addDevice(account, makeDevice())];
      const outcomes = await Promise.all([api.appendEvent(one), api.appendEvent(two)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['done', 'moved']);
      const winner = outcomes[0]?.status === 'done' ? one : two;
      accept(account, winner);
      expect(outcomes.find(({ status }) => status === 'moved')).toEqual({
        status: 'moved',
        head: account.head,
        events: [winner],
      });
      expect(await api.appendEvent(winner)).toEqual({ status: 'done', head: account.head });
      const page = await api.getChain(3);
      expect(page).toEqual({ events: [winner], head: account.head, isLast: true });
      expect((await api.getChain(0)).events).toHaveLength(4);
    });

    it('takes a record and its event together, and repeats its answer', async () => {
      const { api, account } = await signUp(world.connect);
      account.password = signingKey(bytes(32));
      account.salt = bytes(16);
      const record = makeRecord(account);
      const event = recordEvent(account, record);
      const outcome = await api.putRecord(record, event);
      accept(account, event);
      expect(outcome).toEqual({ status: 'done', head: account.head });
      expect(await api.putRecord(record, event)).toEqual(outcome);
      expect((await api.getRecord()).record).toEqual(record);
      expect(await login(world.connect(), account, 'password')).toMatchObject({ account: account.id });
      account.version++;
      const skipped = makeRecord(account, account.version + 2);
      await expect(api.putRecord(skipped, recordEvent(account, skipped, account.version + 2))).rejects.toMatchObject({
        kind: 'usage',
      });
      await expect(api.appendEvent(recordEvent(account, makeRecord(account)))).rejects.toMatchObject({ kind: 'usage' });
    });

    it('makes a vault with its event, both or none, and repeats its answer', async () => {
      const { api, account } = await signUp(world.connect);
      const vault = makeVault(account);
      const entry = makeEntry(vault);
      const grants = makeGrants(vault);
      const event = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash: hashEntry(entry.header) });
      const stale = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash: bytes(32) });
      await expect(api.createVault(entry, grants, stale)).rejects.toMatchObject({ kind: 'usage' });
      expect(await api.listVaults()).toEqual([]);
      const outcome = await api.createVault(entry, grants, event);
      accept(account, event);
      acceptEntry(vault, entry);
      expect(outcome).toEqual({ status: 'done', head: account.head });
      expect(await api.createVault(entry, grants, event)).toEqual(outcome);
      expect(await api.listVaults()).toEqual([
        { vault: vault.id, head: vault.head, epoch: 1, objects: 0, bytes: 0, checkpointSeq: 0 },
      ]);
    });

    it('shows a vault to its account only', async () => {
      const { api, account } = await signUp(world.connect);
      const vault = await createVault(api, account);
      const object = makeObject();
      await api.putObjects(vault.id, [object]);
      const stranger = await signUp(world.connect);
      const missing = { kind: 'missing' };
      await expect(stranger.api.getLog(vault.id, 0)).rejects.toMatchObject(missing);
      await expect(stranger.api.getObject(vault.id, object.id)).rejects.toMatchObject(missing);
      await expect(stranger.api.heldObjects(vault.id, [object.id])).rejects.toMatchObject(missing);
      await expect(stranger.api.appendEntry(vault.id, makeEntry(vault))).rejects.toMatchObject(missing);
      await expect(stranger.api.getGrants(vault.id, 1)).rejects.toMatchObject(missing);
      expect(await stranger.api.listVaults()).toEqual([]);
      const mine = await createVault(stranger.api, stranger.account);
      await expect(stranger.api.getObject(mine.id, object.id)).rejects.toMatchObject(missing);
    });

    it('counts what is stored', async () => {
      const { api, account } = await signUp(world.connect);
      const vault = await createVault(api, account);
      expect(await api.quota()).toMatchObject({ used: 0, pending: 0 });
      await api.putObjects(vault.id, [makeObject(5000), makeObject(6000)]);
      expect(await api.quota()).toMatchObject({ used: 11_000 + 2048, pending: 11_000 + 2048 });
    });

    it('hints at what has grown, beginning with what there is', async () => {
      const { api, account } = await signUp(world.connect);
      const vault = await createVault(api, account);
      const stop = new AbortController();
      const hints: Hint[] = [];
      const listening = connectDevice(world.connect, account).hints(stop.signal, (hint) => hints.push(hint));
      const has = (hint: Hint) => () => expect(hints).toContainEqual(hint) ?? true;
      await eventually(has({ type: 'vault', vault: vault.id, seq: 1 }));
      await eventually(has({ type: 'account', seq: account.head.seq }));
      expect(hints[0]).toEqual({ type: 'connected' });
      await api.appendEntry(vault.id, acceptEntry(vault, makeEntry(vault)));
      await eventually(has({ type: 'vault', vault: vault.id, seq: 2 }));
      await api.appendEvent(accept(account, addDevice(account, makeDevice())));
      await eventually(has({ type: 'account', seq: account.head.seq }));
      stop.abort();
      await listening;
    });
  });

  /** A client of a device that is not in the chain yet, let in by the password. */
  function connectJoining(account: TestAccount, device: ReturnType<typeof makeDevice>): StorageApi {
    let token: string | null = null;
    const api = world.connect({
      token: () => token,
      renew: async () => {
        token = (await login(api, account, 'password', device)).token;
      },
    });
    return api;
  }
}
