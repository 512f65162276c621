import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode, type VaultId } from '../../../src/common/ids.ts';
import type { SignedAccountEvent } from '../../../src/crypto/account-event.ts';
import { passwordKeys, recoveryKeys, type UnlockKeys } from '../../../src/crypto/account-keys.ts';
import { parseAccountRecord } from '../../../src/crypto/account-record.ts';
import { openChunk, sealChunk } from '../../../src/crypto/chunk.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { parseRecoveryWords } from '../../../src/crypto/recovery.ts';
import { newDeviceKeys } from '../../../src/vault/account-keys.ts';
import { openAccountChain } from '../../../src/vault/account-pin.ts';
import { addDevice, revokeDevice } from '../../../src/vault/account-steps.ts';
import { createAccount } from '../../../src/vault/create-account.ts';
import { emptyKeyRing } from '../../../src/vault/key-ring.ts';
import { packManifest, readPages } from '../../../src/vault/manifest-pages.ts';
import { newVault } from '../../../src/vault/new-vault.ts';
import { objectsOf, retainedOf } from '../../../src/vault/object-lists.ts';
import { startOf } from '../../../src/vault/position.ts';
import { openEntry, type RawEntry } from '../../../src/vault/replay.ts';
import { emptyDraft, sealEntry } from '../../../src/vault/seal-entry.ts';
import type { SignedRecord } from '../../../src/vault/signed-record.ts';
import { splitOperations } from '../../../src/vault/split-operations.ts';
import { applyOperations } from '../../../src/vault/tree-rules.ts';
import { unlockAccount } from '../../../src/vault/unlock.ts';
import { type MemoryVaultTree, memoryVaultTree } from '../../fakes/memory-vault-tree.ts';

/** All that a server holds: byte strings. */
interface Stored {
  readonly records: SignedRecord[];
  readonly events: SignedAccountEvent[];
  readonly vault: VaultId;
  readonly log: RawEntry[];
  readonly grants: Map<number, Uint8Array>;
  readonly objects: Map<ObjectId, Uint8Array>;
}

const random = systemRandom;
const nowUs = Date.UTC(2026, 0, 1) * 1000;
const password = 'otter lamp river mango';
const cost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };
const content = Array.from({ length: 20 }, (_, i) => new TextEncoder().encode(`piece ${i} of a file\n`.repeat(50)));

let stored: Stored;
let words: string;

/** One device makes everything; a second one joined and was lost, so that there are two epochs. */
beforeAll(async () => {
  const made = await createAccount({ email: 'eva@example.org', password, deviceName: 'Laptop', nowUs, random, cost });
  const { keys, device } = made;
  words = made.recoveryWords;
  const authorUnder = (chain: typeof made.chain) => ({
    account: keys.account,
    device: device.device,
    signing: device.signing,
    chain,
  });
  const vault = newVault(keys, authorUnder(made.chain), 'Documents', nowUs, random);
  const objects = new Map<ObjectId, Uint8Array>();
  const node = newId<NodeId>(random);
  const chunks = content.map((piece) => sealChunk(piece, random));
  const packed = packManifest(
    { node, revision: newId<RevisionId>(random), mtimeUs: nowUs, exec: true, chunks },
    random,
  );
  for (const { objectId, sealed } of [...chunks, ...packed.pages]) objects.set(objectId, sealed);
  const retained = retainedOf(objectsOf({ chunks, pages: packed.pages }), () => false);
  const [draft] = splitOperations([
    {
      operation: { type: 'create-file', node, parent: rootNode, name: 'file.txt', manifest: packed.manifest },
      retained,
      released: [],
    },
  ]);
  const { opened } = vault.genesis;
  const second = sealEntry(opened.position, opened.keyRing, authorUnder(vault.chain), must(draft), nowUs, random);
  expect(second.raw.retained).toHaveLength(21);
  const phone = addDevice(keys, vault.chain, newDeviceKeys(random), 'Phone', nowUs, random);
  const lost = [...phone.chain.devices.keys()].at(-1);
  const gone = revokeDevice(keys, phone.chain, must(lost), nowUs);
  const third = sealEntry(
    second.opened.position,
    second.opened.keyRing,
    authorUnder(gone.chain),
    emptyDraft,
    nowUs,
    random,
  );
  stored = {
    records: [made.record],
    events: [...made.events, vault.event, phone.event, gone.event],
    vault: vault.vault,
    log: [vault.genesis.raw, second.raw, third.raw],
    grants: new Map([
      [1, vault.grants],
      [2, must(third.grants)],
    ]),
    objects,
  };
});

/** Section 13 of FORMAT.md, from the bytes on. */
async function readAll(unlock: UnlockKeys, slot: 'password' | 'recovery') {
  const record = must(stored.records[0]);
  const chain = openAccountChain(parseAccountRecord(record.body).account, stored.events, null);
  const keys = unlockAccount(record, chain, slot, unlock);
  expect([...chain.vaults.keys()]).toEqual([stored.vault]);
  let position = startOf(stored.vault);
  let keyRing = emptyKeyRing(keys, stored.vault);
  const tree: MemoryVaultTree = memoryVaultTree();
  for (const raw of stored.log) {
    const grants = stored.grants.get(position.epochs.length + 1);
    const opened = openEntry(position, keyRing, chain, raw, grants);
    ({ position, keyRing } = opened);
    applyOperations(tree, opened.operations, opened.stamp);
  }
  const file = must([...tree.nodes.values()][0]);
  const { manifest } = must(tree.revisions.get(must(file.revision)));
  const read = await readPages(manifest, async (page) =>
    openChunk(page, must(stored.objects.get(page.objectId)), 'manifest-page'),
  );
  const pieces = read.chunks.map((ref) => openChunk(ref, must(stored.objects.get(ref.objectId))));
  return { position, file, pieces, keys, chain, keyRing };
}

describe('with what the server holds', () => {
  it('[F-KEY-1] [KEY-12] the recovery words alone give back every file', async () => {
    const { file, pieces, position } = await readAll(recoveryKeys(parseRecoveryWords(words)), 'recovery');
    expect(file.name).toBe('file.txt');
    expect(pieces).toEqual(content);
    expect(position).toMatchObject({ seq: 3, name: 'Documents' });
    expect(position.epochs).toHaveLength(2);
  });

  it('the password alone does, and a device that joins with it can write', async () => {
    const unlock = await passwordKeys(password, parseAccountRecord(must(stored.records[0]).body).kdf);
    const { keys, chain, position, keyRing, pieces } = await readAll(unlock, 'password');
    expect(pieces).toEqual(content);
    const device = newDeviceKeys(random);
    const joined = addDevice(keys, chain, device, 'Desk', nowUs, random);
    const author = { account: keys.account, device: device.device, signing: device.signing, chain: joined.chain };
    const draft = { operations: [{ type: 'vault', name: 'Ours' }], retained: [], released: [] } as const;
    const { raw } = sealEntry(position, keyRing, author, draft, nowUs, random);
    expect(openEntry(position, keyRing, joined.chain, raw).position.name).toBe('Ours');
  });

  it('[F-SUITE-5] nothing of names, contents or keys is in the bytes', async () => {
    const { keys } = await readAll(recoveryKeys(parseRecoveryWords(words)), 'recovery');
    const bytes = Buffer.concat([
      ...stored.records.flatMap(({ body, signature }) => [body, signature]),
      ...stored.events.flatMap(({ event, signature }) => [event, signature]),
      ...stored.log.flatMap(({ header, signature, ciphertext }) => [header, signature, ciphertext]),
      ...stored.grants.values(),
      ...stored.objects.values(),
    ]);
    const secrets = [keys.masterKey, keys.secrets.signingSeed, keys.secrets.sealingPrivate, keys.secrets.accountSecret];
    for (const canary of ['file.txt', 'Documents', 'Laptop', 'Phone', 'piece 7', password, ...secrets]) {
      expect(bytes.includes(typeof canary === 'string' ? canary : Buffer.from(canary))).toBe(false);
    }
    expect(bytes.includes('eva@example.org')).toBe(true);
  });
});
