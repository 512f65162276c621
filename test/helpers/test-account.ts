import { randomBytes } from 'node:crypto';
import { type AccountId, type DeviceId, newId, type ObjectId, type VaultId } from '../../src/common/ids.ts';
import {
  type AccountFact,
  encodeAccountEvent,
  hashAccountEvent,
  signAccountEvent,
} from '../../src/crypto/account-event.ts';
import { encodeAccountRecord, hashAccountRecord, signAccountRecord } from '../../src/crypto/account-record.ts';
import { encodeCheckpointHeader, signCheckpoint } from '../../src/crypto/checkpoint-header.ts';
import { encodeEntryHeader, hashEntry, signEntry } from '../../src/crypto/entry-header.ts';
import { encodeGrants } from '../../src/crypto/grants.ts';
import { hashIdList, sortedIds } from '../../src/crypto/id-list.ts';
import { defaultKdf, hashKdf } from '../../src/crypto/kdf.ts';
import { signLogin } from '../../src/crypto/login.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { type SigningKey, signingKey } from '../../src/crypto/sign.ts';
import type { Session, StorageApi } from '../../src/remote/storage-api.ts';
import type { Checkpoint, Entry, Head, LoginMethod, SignedEvent, SignedRecord } from '../../src/wire/types.ts';

/**
 * An account as a server sees it: real keys and signatures, random bytes where sealed things would be. For tests of the
 * storage API, which cannot tell the difference.
 */
export const bytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
export const random = { bytes };
export const zeroHead: Head = { seq: 0, hash: new Uint8Array(32) };

export interface TestDevice {
  readonly id: DeviceId;
  readonly key: SigningKey;
  readonly sealing: Uint8Array;
}

export const makeDevice = (): TestDevice => ({
  id: newId<DeviceId>(random),
  key: signingKey(bytes(32)),
  sealing: bytes(32),
});

export interface TestAccount {
  readonly id: AccountId;
  readonly email: string;
  readonly device: TestDevice;
  readonly identity: SigningKey;
  password: SigningKey;
  readonly recovery: SigningKey;
  salt: Uint8Array;
  /** Where the chain ends, as far as this account has written it. */
  head: Head;
  version: number;
}

export function makeAccount(email = `${newId(random)}@example.org`): TestAccount {
  return {
    id: newId<AccountId>(random),
    email,
    device: makeDevice(),
    identity: signingKey(bytes(32)),
    password: signingKey(bytes(32)),
    recovery: signingKey(bytes(32)),
    salt: bytes(16),
    head: zeroHead,
    version: 0,
  };
}

/** The next event; it is up to the caller to move `head` when it was accepted (see {@link accept}). */
export function makeEvent(
  account: TestAccount,
  fact: AccountFact,
  device?: SigningKey,
  head = account.head,
): SignedEvent {
  const event = encodeAccountEvent({ account: account.id, seq: head.seq + 1, prevHash: head.hash, timeUs: 0, fact });
  return signAccountEvent(event, account.identity, device);
}

export function accept(account: TestAccount, event: SignedEvent): SignedEvent {
  account.head = { seq: account.head.seq + 1, hash: hashAccountEvent(event.event) };
  return event;
}

export const addDevice = (account: TestAccount, device: TestDevice): SignedEvent =>
  makeEvent(
    account,
    {
      kind: 'device-add',
      device: device.id,
      signingKey: device.key.publicKey,
      sealingKey: device.sealing,
      name: bytes(80),
    },
    device.key,
  );

export function makeRecord(account: TestAccount, version = account.version + 1, email = account.email): SignedRecord {
  const body = encodeAccountRecord({
    account: account.id,
    version,
    email,
    kdf: { ...defaultKdf, salt: account.salt },
    passwordLogin: account.password.publicKey,
    recoveryLogin: account.recovery.publicKey,
    keyVersion: 1,
    wrapPassword: bytes(104),
    wrapRecovery: bytes(104),
    identity: bytes(200),
  });
  return { body, signature: signAccountRecord(body, account.identity) };
}

export const recordEvent = (account: TestAccount, record: SignedRecord, version = account.version + 1): SignedEvent =>
  makeEvent(account, { kind: 'record', version, hash: hashAccountRecord(record.body) });

export function makeSignup(account: TestAccount): { record: SignedRecord; events: SignedEvent[] } {
  const record = makeRecord(account);
  const identityKey = account.identity.publicKey;
  const events = [accept(account, makeEvent(account, { kind: 'genesis', identityKey, sealingKey: bytes(32) }))];
  events.push(accept(account, addDevice(account, account.device)));
  events.push(accept(account, recordEvent(account, record)));
  account.version++;
  return { record, events };
}

export interface LoginOverrides {
  readonly origin?: string;
  readonly key?: SigningKey;
  readonly account?: AccountId;
  readonly serverNonce?: Uint8Array;
}

export async function login(
  api: StorageApi,
  account: TestAccount,
  method: LoginMethod = 'device',
  device = account.device,
  { origin = api.origin, key, account: id = account.id, serverNonce }: LoginOverrides = {},
): Promise<Session> {
  const nonce = serverNonce ?? (await api.challenge());
  const isPassword = method === 'password';
  const message = {
    method,
    origin,
    serverNonce: nonce,
    clientNonce: bytes(32),
    account: id,
    email: isPassword ? account.email : null,
    kdfHash: isPassword ? hashKdf({ ...defaultKdf, salt: account.salt }) : null,
    devicePublic: device.key.publicKey,
  };
  const keys = { password: account.password, recovery: account.recovery, device: device.key };
  const { email: _, kdfHash: __, ...answer } = message;
  return api.login({ ...answer, signature: signLogin(message, key ?? keys[method]) });
}

/** A vault as its author knows it. */
export interface TestVault {
  readonly id: VaultId;
  readonly account: TestAccount;
  head: Head;
  epoch: number;
  readonly deviceSeqs: Map<DeviceId, number>;
}

export const makeVault = (account: TestAccount): TestVault => ({
  id: newId<VaultId>(random),
  account,
  head: zeroHead,
  epoch: 1,
  deviceSeqs: new Map(),
});

export interface EntryOptions {
  readonly device?: TestDevice;
  readonly retained?: readonly ObjectId[];
  readonly released?: readonly ObjectId[];
  readonly ciphertext?: Uint8Array;
  readonly head?: Head;
  readonly epoch?: number;
  readonly deviceSeq?: number;
  readonly accountHead?: Uint8Array;
  readonly key?: SigningKey;
}

/** The next entry; {@link acceptEntry} when it was accepted. */
export function makeEntry(vault: TestVault, options: EntryOptions = {}): Entry {
  const { account } = vault;
  const { device = account.device, ciphertext = bytes(400), head = vault.head, epoch = vault.epoch } = options;
  const retained = sortedIds(options.retained ?? []);
  const released = sortedIds(options.released ?? []);
  const header = encodeEntryHeader({
    vault: vault.id,
    epoch,
    seq: head.seq + 1,
    prevHash: head.hash,
    device: device.id,
    deviceSeq: options.deviceSeq ?? (vault.deviceSeqs.get(device.id) ?? 0) + 1,
    accountHead: options.accountHead ?? account.head.hash,
    ciphertextHash: sha256(ciphertext),
    retainedHash: hashIdList(retained),
    releasedHash: hashIdList(released),
    account: account.id,
  });
  return { header, signature: signEntry(header, options.key ?? device.key), ciphertext, retained, released };
}

export function acceptEntry(vault: TestVault, entry: Entry, device = vault.account.device): Entry {
  vault.head = { seq: vault.head.seq + 1, hash: hashEntry(entry.header) };
  vault.deviceSeqs.set(device.id, (vault.deviceSeqs.get(device.id) ?? 0) + 1);
  return entry;
}

export const makeGrants = (vault: TestVault, epoch = vault.epoch): Uint8Array =>
  encodeGrants({ vault: vault.id, epoch, grants: [{ account: vault.account.id, grant: bytes(81) }] });

export async function createVault(api: StorageApi, account: TestAccount): Promise<TestVault> {
  const vault = makeVault(account);
  const entry = makeEntry(vault);
  const genesisHash = hashEntry(entry.header);
  const event = makeEvent(account, { kind: 'vault-add', vault: vault.id, genesisHash });
  const outcome = await api.createVault(entry, makeGrants(vault), event);
  if (outcome.status !== 'done') throw new Error('the vault was not made');
  accept(account, event);
  acceptEntry(vault, entry);
  return vault;
}

export function makeCheckpoint(vault: TestVault, pages: readonly ObjectId[], head = vault.head): Checkpoint {
  const { account } = vault;
  const box = bytes(500);
  const sorted = sortedIds(pages);
  const body = encodeCheckpointHeader({
    vault: vault.id,
    epoch: vault.epoch,
    seq: head.seq,
    head: head.hash,
    device: account.device.id,
    account: account.id,
    accountHead: account.head.hash,
    boxHash: sha256(box),
    objectsHash: hashIdList(sorted),
  });
  return { body, signature: signCheckpoint(body, account.device.key), box, pages: sorted };
}

export const makeObject = (length = 4112): { id: ObjectId; bytes: Uint8Array } => ({
  id: newId<ObjectId>(random),
  bytes: bytes(length),
});
