import { must } from '../../src/common/errors.ts';
import { type AccountId, newId, type VaultId } from '../../src/common/ids.ts';
import { type AccountChain, extendAccountChain } from '../../src/crypto/account-chain.ts';
import {
  encodeAccountEvent,
  hashAccountEvent,
  type SignedAccountEvent,
  signAccountEvent,
} from '../../src/crypto/account-event.ts';
import { newIdentity } from '../../src/crypto/account-keys.ts';
import type { Caller } from '../../src/server/login.ts';
import type { MetadataStore, NewAccount } from '../../src/server/metadata-store.ts';
import { type AccountKeys, accountKeys, type DeviceKeys, newDeviceKeys } from '../../src/vault/account-keys.ts';
import { addDevice, revokeDevice } from '../../src/vault/account-steps.ts';
import type { Author } from '../../src/vault/author.ts';
import { newVault } from '../../src/vault/new-vault.ts';
import { createMemoryMetadata } from '../fakes/memory-metadata.ts';
import { createMemoryObjects } from '../fakes/memory-objects.ts';
import { dice } from './random.ts';
import { serverLogic, usualGrace } from './server/server-logic.ts';

/** When all simulated worlds begin, milliseconds since 1970. */
export const worldStart = 1_750_000_000_000;
export const mostDevices = 5;
/** Further devices of the account, which never run, and are revoked in this order if a history does that. */
const revokedOnes = 3;
/** Planted in what must never be seen plain: the names of vault and devices. */
export const plantedName = 'plum';

/** The device of the account that a computer logs in as when it knows nothing of a former one. */
export const spareOf = (device: number): number => mostDevices + revokedOnes + device;

/** An account of simulated worlds, with its devices and a vault: costly to make, and no history depends on it. */
export interface SimAccount {
  readonly keys: AccountKeys;
  readonly vault: VaultId;
  /** As one who has heard of so many of the revocations. */
  author(device: number, revocations: number): Author;
  readonly revocations: readonly SignedAccountEvent[];
  /** Of the account chain after so many of them. */
  position(revocations: number): number;
  /** Whether it is out of the account in a chain of this length. */
  isRevoked(device: Caller['device'], position: number): boolean;
  caller(device: number): Caller;
  /** What a server holds after the account was made and the vault was added. */
  fill(metadata: MetadataStore): Promise<void>;
}

interface AccountChoice {
  /** The one that all worlds begin with is 1. */
  readonly number: number;
  /** The device that goes first of all that are revoked; null: one that never runs. */
  readonly removed: number | null;
}

const made = new Map<string, Promise<SimAccount>>();

export function simAccount(choice: AccountChoice): Promise<SimAccount> {
  const key = JSON.stringify(choice);
  const known = made.get(key) ?? make(choice);
  made.set(key, known);
  return known;
}

async function make({ number, removed }: AccountChoice): Promise<SimAccount> {
  const random = dice(number, 'account');
  const timeUs = worldStart * 1000;
  const account = newId<AccountId>(random);
  const keys = accountKeys(account, random.bytes(32), newIdentity(random));
  const genesis = encodeAccountEvent({
    account,
    seq: 1,
    prevHash: new Uint8Array(32),
    timeUs,
    fact: { kind: 'genesis', identityKey: keys.identity.publicKey, sealingKey: keys.sealing.publicKey },
  });
  const events: SignedAccountEvent[] = [signAccountEvent(genesis, keys.identity)];
  let chain = extendAccountChain(null, account, events);
  const devices: DeviceKeys[] = [];
  for (let at = 0; at < spareOf(mostDevices); at++) {
    const device = newDeviceKeys(random);
    const step = addDevice(keys, chain, device, `${plantedName} device ${at}`, timeUs, random);
    devices.push(device);
    events.push(step.event);
    chain = step.chain;
  }
  const founder = must(devices[0]);
  const author = ({ device, signing }: DeviceKeys, under: AccountChain): Author => ({
    account,
    device,
    signing,
    chain: under,
  });
  const vault = newVault(keys, author(founder, chain), `${plantedName} vault`, timeUs, random);
  const chains = [vault.chain];
  const neverRun = Array.from({ length: revokedOnes }, (_, at) => mostDevices + at);
  const order = [...(removed === null ? [] : [removed]), ...neverRun];
  const revocations = order.map((at) => {
    const step = revokeDevice(keys, must(chains.at(-1)), must(devices[at]).device, timeUs);
    chains.push(step.chain);
    return step.event;
  });

  const stored: NewAccount = {
    account,
    email: `sim${number}@example.org`,
    record: { body: new Uint8Array(1), signature: new Uint8Array(64) },
    events: events.map((event, at) => ({ ...event, seq: at + 1, hash: hashAccountEvent(event.event) })),
    now: worldStart,
  };
  const creation = await rehearsed(stored, { account, device: founder.device }, vault);
  return {
    keys,
    vault: vault.vault,
    author: (device, count) => author(must(devices[device]), must(chains[count])),
    revocations,
    position: (count) => must(chains[count]).position,
    isRevoked: (device, position) =>
      order.slice(0, Math.max(0, position - vault.chain.position)).some((at) => devices[at]?.device === device),
    caller: (at) => {
      const device = must(devices[at]);
      const devicePublic = device.signing.publicKey;
      return { account, device: device.device, devicePublic, tokenHash: new Uint8Array(32), hasGivenPassword: false };
    },
    async fill(metadata) {
      await metadata.accounts.create(stored);
      await metadata.vaults.create(...creation);
    },
  };
}

type Creation = Parameters<MetadataStore['vaults']['create']>;

/** The vault is made once by the real server, which judges it; what it stores then is stored again in each world. */
async function rehearsed(
  stored: NewAccount,
  founder: Parameters<ReturnType<typeof serverLogic>['vaults']['create']>[0],
  { genesis, grants, event }: ReturnType<typeof newVault>,
): Promise<Creation> {
  const metadata = createMemoryMetadata();
  await metadata.accounts.create(stored);
  const creations: Creation[] = [];
  const create: MetadataStore['vaults']['create'] = (...args) => {
    creations.push(args);
    return metadata.vaults.create(...args);
  };
  const logic = serverLogic({
    metadata: { ...metadata, vaults: { ...metadata.vaults, create } },
    store: createMemoryObjects(),
    clock: { now: () => worldStart, monotonic: () => 0, sleep: () => new Promise(() => undefined) },
    grace: usualGrace,
    quota: null,
    onDamage: () => undefined,
  });
  const { header, signature, ciphertext } = genesis.raw;
  const entry = { header, signature, ciphertext, retained: [], released: [] };
  const outcome = await logic.vaults.create(founder, entry, grants, event);
  if (outcome.status !== 'done') throw new Error('the vault of the simulation was not made');
  return must(creations[0]);
}
