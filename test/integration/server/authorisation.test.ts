import { afterEach, describe, expect, it } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { hashAccountEvent } from '../../../src/crypto/account-event.ts';
import {
  encodeAccountRecord,
  hashAccountRecord,
  parseAccountRecord,
  signAccountRecord,
} from '../../../src/crypto/account-record.ts';
import {
  encodeCheckpointHeader,
  parseCheckpointHeader,
  signCheckpoint,
} from '../../../src/crypto/checkpoint-header.ts';
import {
  type EntryHeader,
  encodeEntryHeader,
  hashEntry,
  parseEntryHeader,
  signEntry,
} from '../../../src/crypto/entry-header.ts';
import { hashIdList } from '../../../src/crypto/id-list.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import type { ServerOptions } from '../../../src/server/start-server.ts';
import type { Checkpoint, Entry, SignedEvent, SignedRecord } from '../../../src/wire/types.ts';
import {
  accept,
  addDevice,
  bytes,
  createVault,
  login,
  makeAccount,
  makeCheckpoint,
  makeDevice,
  makeEntry,
  makeEvent,
  makeGrants,
  makeObject,
  makeRecord,
  makeSignup,
  makeVault,
  random,
  recordEvent,
  type TestAccount,
} from '../../helpers/test-account.ts';
import { signUp, startTestServer, type TestServer } from '../../helpers/test-server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function begin(options: Partial<ServerOptions> = {}) {
  const server = await startTestServer(options);
  servers.push(server);
  const { api, account } = await signUp(server.connect);
  const vault = await createVault(api, account);
  return { server, api, account, vault };
}

/** The entry with another header, signed by the same device. */
function forged(account: TestAccount, entry: Entry, change: Partial<EntryHeader>): Entry {
  const header = encodeEntryHeader({ ...parseEntryHeader(entry.header), ...change });
  return { ...entry, header, signature: signEntry(header, account.device.key) };
}

function forgedCheckpoint(account: TestAccount, checkpoint: Checkpoint, change: object): Checkpoint {
  const body = encodeCheckpointHeader({ ...parseCheckpointHeader(checkpoint.body), ...change });
  return { ...checkpoint, body, signature: signCheckpoint(body, account.device.key) };
}

const format = { kind: 'usage', reason: 'format' };

describe('entries', () => {
  it('are refused with another list of released objects, or for another vault', async () => {
    const { api, account, vault } = await begin();
    const entry = makeEntry(vault);
    await expect(api.appendEntry(vault.id, { ...entry, released: [newId<ObjectId>(random)] })).rejects.toMatchObject(
      format,
    );
    const elsewhere = forged(account, entry, { vault: newId<VaultId>(random) });
    await expect(api.appendEntry(vault.id, elsewhere)).rejects.toMatchObject(format);
  });

  it('are refused under an account head from before the device was added', async () => {
    const { server, api, account, vault } = await begin();
    const late = makeDevice();
    const before = account.head.hash;
    await api.appendEvent(accept(account, addDevice(account, late)));
    const other = server.connect({ token: () => token });
    const { token } = await login(server.connect(), account, 'device', late);
    await expect(
      other.appendEntry(vault.id, makeEntry(vault, { device: late, accountHead: before })),
    ).rejects.toMatchObject({
      kind: 'refused',
      reason: 'device',
    });
  });
});

describe('vaults', () => {
  async function refusedGenesis(
    change: Partial<EntryHeader>,
    lists: Partial<Pick<Entry, 'retained'>> = {},
  ): Promise<void> {
    const { api, account } = await begin();
    const vault = makeVault(account);
    const entry = { ...forged(account, makeEntry(vault), change), ...lists };
    const event = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash: hashEntry(entry.header) });
    await expect(api.createVault(entry, makeGrants(vault), event)).rejects.toMatchObject(format);
  }

  it('begin with a first entry, without objects', async () => {
    await refusedGenesis({ prevHash: bytes(32) });
    const id = newId<ObjectId>(random);
    await refusedGenesis({ retainedHash: hashIdList([id]) }, { retained: [id] });
  });

  it('are shown, written and checkpointed by their own account alone', async () => {
    const { server, vault } = await begin();
    const { api: stranger, account } = await signUp(server.connect);
    const missing = { kind: 'missing', reason: 'vault' };
    const checkpoint = forgedCheckpoint(account, makeCheckpoint(vault, []), {
      account: account.id,
      device: account.device.id,
      accountHead: account.head.hash,
    });
    await expect(stranger.putCheckpoint(vault.id, checkpoint)).rejects.toMatchObject(missing);
    await expect(stranger.getCheckpoint(vault.id)).rejects.toMatchObject(missing);
    await expect(stranger.putObjects(vault.id, [makeObject()])).rejects.toMatchObject(missing);
    await expect(stranger.heldObjects(vault.id, [newId<ObjectId>(random)])).rejects.toMatchObject(missing);
    await expect(stranger.getLog(vault.id, 0)).rejects.toMatchObject(missing);
    await expect(stranger.getGrants(vault.id, 1)).rejects.toMatchObject(missing);
  });
});

describe('checkpoints', () => {
  it('are of the device that sends them, under a head of the chain, with the list that is signed', async () => {
    const { api, account, vault } = await begin();
    const good = makeCheckpoint(vault, []);
    const refusal = (change: object, rest: Partial<Checkpoint> = {}) =>
      expect(api.putCheckpoint(vault.id, { ...forgedCheckpoint(account, good, change), ...rest })).rejects;
    await refusal({ device: makeDevice().id }).toMatchObject(format);
    await refusal({ account: makeAccount().id }).toMatchObject(format);
    await refusal({ vault: newId<VaultId>(random) }).toMatchObject(format);
    await refusal({ accountHead: bytes(32) }).toMatchObject(format);
    const object = makeObject();
    await api.putObjects(vault.id, [object]);
    await refusal({}, { pages: [object.id] }).toMatchObject(format);
    await api.putCheckpoint(vault.id, good);
  });
});

describe('account records', () => {
  async function update(
    change: (account: TestAccount, api: StorageApi) => Promise<unknown>,
    expected: object,
  ): Promise<void> {
    const { api, account } = await begin();
    await expect(change(account, api)).rejects.toMatchObject(expected);
  }
  const refused = { kind: 'refused', reason: 'signature' };
  const resigned = (account: TestAccount, record: SignedRecord, change: object): SignedRecord => {
    const body = encodeAccountRecord({ ...parseAccountRecord(record.body), ...change });
    return { body, signature: signAccountRecord(body, account.identity) };
  };

  it('have to be the ones that the chain names, of this account and this version', async () => {
    await update((account, api) => {
      const record = makeRecord(account);
      return api.putRecord(makeRecord(account), recordEvent(account, record));
    }, refused);
    await update((account, api) => {
      const record = resigned(account, makeRecord(account), { version: 9 });
      return api.putRecord(record, recordEvent(account, record));
    }, refused);
    await update((account, api) => {
      const record = resigned(account, makeRecord(account), { account: makeAccount().id });
      return api.putRecord(record, recordEvent(account, record));
    }, refused);
  });

  it('have parameters that clients take', async () => {
    await update((account, api) => {
      const kdf = { memoryKiB: 8, passes: 1, lanes: 1, salt: bytes(16) };
      const record = resigned(account, makeRecord(account), { kdf });
      return api.putRecord(record, recordEvent(account, record));
    }, format);
  });

  it('come with the event of a record, and such an event with a record', async () => {
    await update((account, api) => api.putRecord(makeRecord(account), addDevice(account, makeDevice())), format);
    await update(
      (account, api) => {
        const record = makeRecord(account);
        return api.appendEvent(
          makeEvent(account, { kind: 'record', version: 2, hash: hashAccountRecord(record.body) }),
        );
      },
      { kind: 'usage', reason: 'event' },
    );
  });

  it('end the other sessions when they change, and not the one that changed them', async () => {
    const { server, api, account } = await begin();
    const thief = await login(server.connect(), account, 'password', makeDevice());
    const other = server.connect({ token: () => thief.token });
    await other.getRecord();
    const record = makeRecord(account);
    await api.putRecord(record, accept(account, recordEvent(account, record)));
    await expect(other.getRecord()).rejects.toMatchObject({ kind: 'refused', reason: 'session' });
    await api.getRecord();
  });
});

describe('events', () => {
  it('of another account are refused, and what does not follow has lost', async () => {
    const { api, account } = await begin();
    const other = makeAccount();
    makeSignup(other);
    const foreign = makeEvent(other, { kind: 'device-revoke', device: other.device.id });
    await expect(api.appendEvent(foreign)).rejects.toMatchObject({ kind: 'refused', reason: 'account' });
    const head = { seq: account.head.seq, hash: bytes(32) };
    const event = makeEvent(account, { kind: 'device-revoke', device: account.device.id }, undefined, head);
    expect(await api.appendEvent(event)).toMatchObject({ status: 'moved', head: account.head });
  });

  it('of a sign-up add one device, and record 1', async () => {
    const server = await startTestServer();
    servers.push(server);
    const account = makeAccount();
    const { record, events } = makeSignup(account);
    const twoDevices = makeAccount();
    const first = makeSignup(twoDevices);
    const second = addDevice(twoDevices, makeDevice());
    await expect(
      server.connect().signup({ record: first.record, events: [first.events[0], first.events[1], second] as never }),
    ).rejects.toMatchObject({ kind: 'usage' });
    const noDevice = makeAccount();
    const begun = makeSignup(noDevice);
    noDevice.head = { seq: 1, hash: hashAccountEvent((begun.events[0] as SignedEvent).event) };
    const records = [1, 2].map((version) => {
      const made = makeRecord(noDevice, version);
      return { made, event: accept(noDevice, recordEvent(noDevice, made, version)) };
    });
    await expect(
      server.connect().signup({
        record: (records[1] as (typeof records)[number]).made,
        events: [begun.events[0], ...records.map(({ event }) => event)] as never,
      }),
    ).rejects.toMatchObject(format);
    await server.connect().signup({ record, events });
  });
});

describe('sessions', () => {
  const day = 24 * 3_600_000;

  it('end in time: a device’s after a day, one that never joins after an hour, a nonce after five minutes', async () => {
    let offset = 0;
    const clock = {
      now: () => Date.now() + offset,
      monotonic: () => performance.now() + offset,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    };
    const server = await startTestServer({ clock });
    servers.push(server);
    const account = makeAccount();
    await server.connect().signup(makeSignup(account));
    const anyone = server.connect();
    const nonce = await anyone.challenge();
    const mine = await login(anyone, account);
    const joining = await login(anyone, account, 'password', makeDevice());
    expect([mine.device, joining.device]).toEqual([account.device.id, null]);
    const [own, guest] = [mine, joining].map(({ token }) => server.connect({ token: () => token })) as [
      StorageApi,
      StorageApi,
    ];
    await guest.getRecord();
    offset = 6 * 60_000;
    await expect(login(anyone, account, 'device', account.device, { serverNonce: nonce })).rejects.toMatchObject({
      reason: 'login',
    });
    offset = 3_600_001;
    await expect(guest.getRecord()).rejects.toMatchObject({ reason: 'session' });
    await own.getRecord();
    offset = day + 1;
    await expect(own.getRecord()).rejects.toMatchObject({ reason: 'session' });
  });

  it('are given at the addresses that the server was given, however those were written, and at no other', async () => {
    const server = await startTestServer({ origins: ['https://Sync.Example.org:443', 'HTTPS://bücher.example:8443'] });
    servers.push(server);
    const { api, account } = await signUp(server.connect);
    const at = (origin: string) => login(api, account, 'device', account.device, { origin });
    for (const origin of ['https://sync.example.org', 'https://xn--bcher-kva.example:8443']) {
      expect((await at(origin)).device).toBe(account.device.id);
    }
    await expect(at('https://bücher.example')).rejects.toMatchObject({ kind: 'refused', reason: 'origin' });
    for (const origins of [['https://sync.example.org/v1'], ['https://sync.example.org:99999']]) {
      await expect(startTestServer({ origins })).rejects.toMatchObject({ kind: 'usage' });
    }
  });

  it('are not given to a device that was revoked', async () => {
    const { server, api, account } = await begin();
    const device = makeDevice();
    await api.appendEvent(accept(account, addDevice(account, device)));
    await api.appendEvent(accept(account, makeEvent(account, { kind: 'device-revoke', device: device.id })));
    for (const method of ['device', 'password', 'recovery'] as const) {
      await expect(login(server.connect(), account, method, device)).rejects.toMatchObject({ reason: 'login' });
    }
  });
});
