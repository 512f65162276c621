import { describe, expect, it } from 'vitest';
import { hashAccountEvent } from '../../../src/crypto/account-event.ts';
import { hashEntry } from '../../../src/crypto/entry-header.ts';
import { signLogin } from '../../../src/crypto/login.ts';
import { createAccountChains } from '../../../src/server/account-chains.ts';
import { createAccounts } from '../../../src/server/accounts.ts';
import { createHub } from '../../../src/server/hub.ts';
import { createLogin } from '../../../src/server/login.ts';
import type { MetadataStore } from '../../../src/server/metadata-store.ts';
import { createObjects } from '../../../src/server/objects.ts';
import { createVaults } from '../../../src/server/vaults.ts';
import { maxVaultsPerAccount } from '../../../src/wire/limits.ts';
import type { SignedEvent } from '../../../src/wire/types.ts';
import { createMemoryMetadata } from '../../fakes/memory-metadata.ts';
import { createMemoryObjects } from '../../fakes/memory-objects.ts';
import {
  accept,
  addDevice,
  bytes,
  makeAccount,
  makeDevice,
  makeEntry,
  makeEvent,
  makeGrants,
  makeSignup,
  makeVault,
  type TestAccount,
} from '../../helpers/test-account.ts';

const still = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };
const grace = { released: 1, unreferenced: 1 };
const stored = (signed: SignedEvent, seq: number) => ({ ...signed, seq, hash: hashAccountEvent(signed.event) });

async function hold(metadata: MetadataStore, account: TestAccount, signup = makeSignup(account)): Promise<void> {
  const { record, events } = signup;
  const { id, email } = account;
  await metadata.accounts.create({
    account: id,
    email,
    record,
    events: events.map((event, at) => stored(event, at + 1)),
    now: 0,
  });
}

it('nonces that nobody uses are forgotten when there are too many; the newest still serve', async () => {
  const metadata = createMemoryMetadata();
  const account = makeAccount();
  await hold(metadata, account);
  const login = createLogin(metadata, createAccountChains(metadata.accounts), still, 3);
  const signIn = (serverNonce: Uint8Array) => {
    const said = {
      method: 'device' as const,
      origin: 'http://127.0.0.1',
      serverNonce,
      clientNonce: bytes(32),
      account: account.id,
      devicePublic: account.device.key.publicKey,
    };
    const signature = signLogin({ ...said, email: null, kdfHash: null }, account.device.key);
    return login.login({ ...said, signature }, () => true);
  };
  const first = login.challenge();
  for (let n = 0; n < 3; n++) login.challenge();
  const last = login.challenge();
  await expect(signIn(first)).rejects.toMatchObject({ reason: 'login' });
  await expect(signIn(last)).resolves.toMatchObject({ account: account.id });
});

it('a chain that was verified before is not believed when the store holds another one', async () => {
  const account = makeAccount();
  const signup = makeSignup(account);
  const stores = [createMemoryMetadata(), createMemoryMetadata()] as const;
  const devices = [makeDevice(), makeDevice()] as const;
  for (const [at, store] of stores.entries()) {
    await hold(store, account, signup);
    const event = stored(addDevice(account, devices[at as 0 | 1]), account.head.seq + 1);
    await store.accounts.append({ account: account.id, expected: account.head, event });
  }
  let current = stores[0].accounts;
  const load = createAccountChains({
    ...current,
    head: (id) => current.head(id),
    events: (...asked) => current.events(...asked),
  });
  const knows = async () => {
    const chain = await load(account.id);
    return devices.map(({ id }) => chain?.devices.has(id));
  };
  expect(await knows()).toEqual([true, false]);
  current = stores[1].accounts;
  expect(await knows()).toEqual([false, true]);
});

it('an account has so many vaults at most', async () => {
  const metadata = createMemoryMetadata();
  const account = makeAccount();
  await hold(metadata, account);
  const { id, device } = account;
  let held = maxVaultsPerAccount - 1;
  const loadChain = createAccountChains(metadata.accounts);
  const hub = createHub();
  const vaults = createVaults({
    metadata: { ...metadata, vaults: { ...metadata.vaults, ofAccount: async () => Array(held).fill(null) as never[] } },
    accounts: createAccounts(metadata, loadChain, hub),
    loadChain,
    hub,
    clock: still,
    grace,
    quota: null,
  });
  const create = () => {
    const vault = makeVault(account);
    const entry = makeEntry(vault);
    const event = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash: hashEntry(entry.header) });
    return vaults.create({ account: id, device: device.id }, entry, makeGrants(vault), event).then((result) => {
      accept(account, event);
      return result;
    });
  };
  await expect(create()).resolves.toMatchObject({ status: 'done' });
  held++;
  await expect(create()).rejects.toMatchObject({ kind: 'limit', reason: 'count' });
});

describe('an account’s storage', () => {
  const objects = createObjects({
    metadata: createMemoryMetadata(),
    store: createMemoryObjects(),
    clock: still,
    grace,
    quota: 100,
    onDamage: () => undefined,
  });
  const { id } = makeAccount();
  const full = { kind: 'limit', reason: 'quota' };

  it('is full before a body is read that would fill it, and uploads under way count', async () => {
    await expect(objects.reserve(id, 101)).rejects.toMatchObject(full);
    const [first, second] = [await objects.reserve(id, 60), await objects.reserve(id, 30)];
    await expect(objects.reserve(id, 30)).rejects.toMatchObject(full);
    first();
    first();
    await expect(objects.reserve(id, 80)).rejects.toMatchObject(full);
    second();
    (await objects.reserve(id, 100))();
  });
});
