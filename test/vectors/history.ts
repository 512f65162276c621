import { toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import { type AccountId, type NodeId, newId, type ObjectId, type Random, rootNode } from '../../src/common/ids.ts';
import { type AccountChain, extendAccountChain } from '../../src/crypto/account-chain.ts';
import {
  type AccountFact,
  encodeAccountEvent,
  type SignedAccountEvent,
  signAccountEvent,
} from '../../src/crypto/account-event.ts';
import { newIdentity } from '../../src/crypto/account-keys.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';
import type { Operation } from '../../src/model/operation.ts';
import { accountKeys, type DeviceKeys, newDeviceKeys } from '../../src/vault/account-keys.ts';
import { deviceFact } from '../../src/vault/account-steps.ts';
import { newVault } from '../../src/vault/new-vault.ts';
import type { RawEntry } from '../../src/vault/replay.ts';
import { sealEntry } from '../../src/vault/seal-entry.ts';
import { type Forgery, forgeEntry } from '../fakes/forge-entry.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import { accept, authorOf, freshReplica, nowUs, pull, type TestVault } from '../fakes/vault-world.ts';
import type { Json } from './case.ts';

/** One account and one vault of it, as a server would hold them: grown step by step, by honest hands and by others. */
export interface History {
  readonly random: Random;
  readonly events: SignedAccountEvent[];
  readonly world: TestVault;
  readonly chain: () => AccountChain;
  /** Adds an event; honest if nothing is changed. */
  event(fact: AccountFact, device?: SigningKey): void;
  addDevice(): DeviceKeys;
  revoke(device: DeviceKeys): void;
  /** Appends what an honest author writes; `by`: number of the device. */
  push(operations: readonly Operation[], by?: number): void;
  /** Seals what anyone might, after the last entry. Appends nothing. */
  forge(forgery?: Forgery): RawEntry;
  /** What a reader is given. `more`: entries behind the honest ones. */
  input(more?: readonly Given[]): Record<string, Json>;
}

export interface Given {
  readonly raw: RawEntry;
  readonly grants: Uint8Array | null;
}

export function newHistory(seed: string): History {
  const random = seededRandom(seed);
  const account = newId<AccountId>(random);
  const keys = accountKeys(account, random.bytes(32), newIdentity(random));
  const events: SignedAccountEvent[] = [];
  let chain: AccountChain | null = null;
  const devices: DeviceKeys[] = [];

  const event = (fact: AccountFact, device?: SigningKey): void => {
    const bytes = encodeAccountEvent({
      account,
      seq: (chain?.position ?? 0) + 1,
      prevHash: chain?.head ?? new Uint8Array(32),
      timeUs: nowUs,
      fact,
    });
    const signed = signAccountEvent(bytes, keys.identity, device);
    chain = extendAccountChain(chain, account, [signed]);
    events.push(signed);
  };
  const addDevice = (): DeviceKeys => {
    const device = newDeviceKeys(random);
    event(deviceFact(keys, device, `device ${devices.length}`, random), device.signing);
    devices.push(device);
    return device;
  };
  event({ kind: 'genesis', identityKey: keys.identity.publicKey, sealingKey: keys.sealing.publicKey });
  addDevice();
  addDevice();
  const current = () => ({ keys, devices, chain: must(chain) });
  const made = newVault(keys, authorOf(current()), 'Documents', nowUs, random);
  chain = made.chain;
  events.push(made.event);

  const log = [{ raw: made.genesis.raw, grants: made.grants }];
  const replica = freshReplica(current(), made.vault);
  const world: TestVault = {
    random,
    vault: made.vault,
    get account() {
      return current();
    },
    log,
    replica,
  };
  pull(world, replica);

  return {
    random,
    events,
    world,
    chain: () => must(chain),
    event,
    addDevice,
    revoke: (device) => event({ kind: 'device-revoke', device: device.device }),
    push: (operations, by = 0) => {
      const author = authorOf(current(), by);
      const draft = { operations, retained: [], released: [] };
      const sealed = sealEntry(replica.position, replica.keyRing, author, draft, nowUs, random);
      world.log.push({ raw: sealed.raw, grants: sealed.grants });
      accept(replica, sealed.opened);
    },
    forge: (forgery) => forgeEntry(world, replica, forgery),
    input: (more = []) => ({
      account,
      vault: made.vault,
      sealingPrivate: toHex(keys.secrets.sealingPrivate),
      events: events.map(({ event: bytes, signature, deviceSignature }) => [
        toHex(bytes),
        toHex(signature),
        deviceSignature === null ? null : toHex(deviceSignature),
      ]),
      entries: [...world.log, ...more].map(({ raw, grants }) => ({
        header: toHex(raw.header),
        signature: toHex(raw.signature),
        ciphertext: toHex(raw.ciphertext),
        retained: raw.retained as readonly ObjectId[],
        released: raw.released as readonly ObjectId[],
        grants: grants === null ? null : toHex(grants),
      })),
    }),
  };
}

export const folder = (history: History, name: string, parent: NodeId = rootNode) => {
  const node = newId<NodeId>(history.random);
  return { type: 'create-folder', node, parent, name } as const;
};
