import { must } from '../../src/common/errors.ts';
import {
  type AccountId,
  type NodeId,
  newId,
  type ObjectId,
  type Random,
  type RevisionId,
  type VaultId,
} from '../../src/common/ids.ts';
import { type AccountChain, extendAccountChain } from '../../src/crypto/account-chain.ts';
import { encodeAccountEvent, signAccountEvent } from '../../src/crypto/account-event.ts';
import { newIdentity } from '../../src/crypto/account-keys.ts';
import type { ChunkRef, Manifest } from '../../src/model/manifest.ts';
import type { Operation } from '../../src/model/operation.ts';
import { type AccountKeys, accountKeys, type DeviceKeys, newDeviceKeys } from '../../src/vault/account-keys.ts';
import { addDevice } from '../../src/vault/account-steps.ts';
import type { Author } from '../../src/vault/author.ts';
import { emptyKeyRing, type KeyRing } from '../../src/vault/key-ring.ts';
import { newVault } from '../../src/vault/new-vault.ts';
import { type LogPosition, startOf } from '../../src/vault/position.ts';
import { type OpenedEntry, openEntry, type RawEntry } from '../../src/vault/replay.ts';
import { type SealedEntry, sealEntry } from '../../src/vault/seal-entry.ts';
import type { EntryDraft } from '../../src/vault/split-operations.ts';
import { type AppliedOperation, applyOperations } from '../../src/vault/tree-rules.ts';
import { type MemoryVaultTree, memoryVaultTree } from './memory-vault-tree.ts';
import { seededRandom } from './seeded-random.ts';

export const nowUs = 1_700_000_000_000_000;

/** An account without password or record: what a vault needs of it. */
export interface TestAccount {
  readonly keys: AccountKeys;
  readonly devices: readonly DeviceKeys[];
  readonly chain: AccountChain;
}

export function testAccount(random: Random, deviceCount = 1): TestAccount {
  const account = newId<AccountId>(random);
  const keys = accountKeys(account, random.bytes(32), newIdentity(random));
  const genesis = encodeAccountEvent({
    account,
    seq: 1,
    prevHash: new Uint8Array(32),
    timeUs: nowUs,
    fact: { kind: 'genesis', identityKey: keys.identity.publicKey, sealingKey: keys.sealing.publicKey },
  });
  let chain = extendAccountChain(null, account, [signAccountEvent(genesis, keys.identity)]);
  const devices: DeviceKeys[] = [];
  for (let i = 0; i < deviceCount; i++) {
    const device = newDeviceKeys(random);
    devices.push(device);
    ({ chain } = addDevice(keys, chain, device, `device ${i}`, nowUs, random));
  }
  return { keys, devices, chain };
}

export const authorOf = (account: TestAccount, index = 0, chain = account.chain): Author => {
  const device = must(account.devices[index]);
  return { account: account.keys.account, device: device.device, signing: device.signing, chain };
};

/** What a server keeps of one vault. */
export interface StoredEntry {
  readonly raw: RawEntry;
  readonly grants: Uint8Array | null;
}

/** One reader and writer of a vault. */
export interface Replica {
  position: LogPosition;
  keyRing: KeyRing;
  readonly tree: MemoryVaultTree;
}

export interface TestVault {
  readonly random: Random;
  readonly vault: VaultId;
  readonly account: TestAccount;
  readonly log: StoredEntry[];
  readonly replica: Replica;
}

/** A vault after its genesis entry, replayed by one replica. */
export function testVault(seed: number | string = 1, deviceCount = 2): TestVault {
  const random = seededRandom(seed);
  const alone = testAccount(random, deviceCount);
  const made = newVault(alone.keys, authorOf(alone), 'Documents', nowUs, random);
  const account = { ...alone, chain: made.chain };
  const log = [{ raw: made.genesis.raw, grants: made.grants }];
  const replica = freshReplica(account, made.vault);
  const vault = { random, vault: made.vault, account, log, replica };
  pull(vault, replica);
  return vault;
}

export const freshReplica = (account: TestAccount, vault: VaultId): Replica => ({
  position: startOf(vault),
  keyRing: emptyKeyRing(account.keys, vault),
  tree: memoryVaultTree(),
});

export function accept(replica: Replica, opened: OpenedEntry): AppliedOperation[] {
  const applied = applyOperations(replica.tree, opened.operations, opened.stamp);
  replica.position = opened.position;
  replica.keyRing = opened.keyRing;
  return applied;
}

/** Replays what the log has beyond the replica. */
export const pull = (
  { log, account }: Pick<TestVault, 'log' | 'account'>,
  replica: Replica,
  chain: AccountChain = account.chain,
): AppliedOperation[] =>
  log
    .slice(replica.position.seq)
    .flatMap(({ raw, grants }) =>
      accept(replica, openEntry(replica.position, replica.keyRing, chain, raw, grants ?? undefined)),
    );

export const draftOf = (operations: readonly Operation[], retained: readonly ObjectId[] = []): EntryDraft => ({
  operations,
  retained: [...retained].sort(),
  released: [],
});

/** Seals the next entry of `replica` without appending it. */
export const seal = (
  { account, random }: Pick<TestVault, 'account' | 'random'>,
  replica: Replica,
  operations: readonly Operation[],
  author: Author = authorOf(account),
): SealedEntry => sealEntry(replica.position, replica.keyRing, author, draftOf(operations), nowUs, random);

/** Seals, appends and applies. */
export function push(vault: TestVault, operations: readonly Operation[], author?: Author): void {
  const sealed = seal(vault, vault.replica, operations, author);
  vault.log.push({ raw: sealed.raw, grants: sealed.grants });
  accept(vault.replica, sealed.opened);
}

export const testRef = (random: Random, plainLength = 10): ChunkRef => ({
  objectId: newId<ObjectId>(random),
  secret: random.bytes(32),
  hash: random.bytes(32),
  plainLength,
});

export function testManifest(random: Random, node: NodeId, chunks = 1, revision = newId<RevisionId>(random)): Manifest {
  const refs = Array.from({ length: chunks }, () => testRef(random));
  return {
    node,
    revision,
    size: 10 * chunks,
    mtimeUs: nowUs,
    exec: false,
    content: { kind: 'chunks', chunks: refs },
  };
}
