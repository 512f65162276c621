import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { must, type SecurityCode } from '../../../src/common/errors.ts';
import { type NodeId, newId, type ObjectId, rootNode } from '../../../src/common/ids.ts';
import { encodeCbor } from '../../../src/crypto/cbor.ts';
import { parseEntryHeader } from '../../../src/crypto/entry-header.ts';
import { sealGrant } from '../../../src/crypto/grant.ts';
import { encodeGrants, parseGrants } from '../../../src/crypto/grants.ts';
import { sha256 } from '../../../src/crypto/sha256.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { newDeviceKeys } from '../../../src/vault/account-keys.ts';
import { addDevice, addVault, revokeDevice } from '../../../src/vault/account-steps.ts';
import { emptyKeyRing, newEpoch, openKeyRing } from '../../../src/vault/key-ring.ts';
import { newVault } from '../../../src/vault/new-vault.ts';
import { encodeOperations } from '../../../src/vault/operation-codec.ts';
import { checkLogEnd, parsePosition, positionCode, startOf } from '../../../src/vault/position.ts';
import { beginsEpoch, openEntry, type RawEntry } from '../../../src/vault/replay.ts';
import { emptyDraft, needsRotation, sealEntry } from '../../../src/vault/seal-entry.ts';
import { forgeEntry } from '../../fakes/forge-entry.ts';
import {
  authorOf,
  draftOf,
  freshReplica,
  nowUs,
  pull,
  push,
  type Replica,
  seal,
  type TestAccount,
  type TestVault,
  testAccount,
  testVault,
} from '../../fakes/vault-world.ts';
import { expectStop } from '../../helpers/security.ts';

let world: TestVault;
/** Has replayed what `world.replica` has. */
let reader: Replica;

const folder = (name: string): Operation => ({
  type: 'create-folder',
  node: newId<NodeId>(world.random),
  parent: rootNode,
  name,
});

beforeEach(() => {
  world = testVault('replay');
  push(world, [folder('a')]);
  push(world, [folder('b')], authorOf(world.account, 1));
  reader = freshReplica(world.account, world.vault);
  pull(world, reader);
});

/** The reader refuses the entry with this class, and stays where it was. */
function expectRefused(raw: RawEntry, code: SecurityCode | 'version' | 'missing', grants?: Uint8Array): void {
  const before = JSON.stringify(reader.position);
  const rows = reader.tree.rows();
  expectStop(() => openEntry(reader.position, reader.keyRing, world.account.chain, raw, grants), code);
  expect(JSON.stringify(reader.position)).toBe(before);
  expect(reader.tree.rows()).toEqual(rows);
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe('replay', () => {
  it("brings a fresh reader to the author's position, tree and code", () => {
    expect(reader.position).toEqual(world.replica.position);
    expect(reader.tree.rows()).toEqual(world.replica.tree.rows());
    expect(positionCode(reader.position)).toBe(positionCode(world.replica.position));
    expect(positionCode(reader.position).split(' ')).toHaveLength(8);
    expect(reader.position).toMatchObject({ seq: 3, name: 'Documents', frozen: null });
  });

  it('goes on from a position that was stored as JSON, with keys from stored grants', () => {
    const position = parsePosition(JSON.parse(JSON.stringify(reader.position)));
    expect(position).toEqual(reader.position);
    const grants = new Map([[1, must(world.log[0]?.grants)]]);
    reader = { ...reader, position, keyRing: openKeyRing(world.account.keys, position, grants) };
    push(world, [folder('c')]);
    pull(world, reader);
    expect(reader.tree.rows()).toEqual(world.replica.tree.rows());
  });

  it('takes an honest entry made by the forger, so that the cases below fail for their one reason', () => {
    const raw = forgeEntry(world, reader);
    const opened = openEntry(reader.position, reader.keyRing, world.account.chain, raw);
    expect(opened.position.name).toBe('Forged');
    expect(opened.stamp).toEqual({ seq: 4, timeUs: nowUs, deviceId: authorOf(world.account).device });
  });

  it('takes entries without their lists', () => {
    const raw = { ...forgeEntry(world, reader), retained: null, released: null };
    expect(openEntry(reader.position, reader.keyRing, world.account.chain, raw).position.seq).toBe(4);
  });
});

describe('[F-REPLAY-1] sizes and shape', () => {
  it('refuses a ciphertext over 1 MiB, and one shorter than a box', () => {
    const raw = forgeEntry(world, reader);
    expectRefused({ ...raw, ciphertext: new Uint8Array(1024 * 1024 + 1) }, 'E_LIMIT');
    expectRefused({ ...raw, ciphertext: new Uint8Array(71) }, 'E_AUTH');
  });

  it('refuses a header that is too long, of another shape, name or suite', () => {
    const raw = forgeEntry(world, reader);
    expectRefused({ ...raw, header: new Uint8Array(513) }, 'E_LIMIT');
    expectRefused({ ...raw, header: new Uint8Array() }, 'E_AUTH');
    expectRefused({ ...raw, header: encodeCbor(['entry', 2]) }, 'E_DOWNGRADE');
    expectRefused({ ...raw, header: encodeCbor(['checkpoint', 1]) }, 'E_AUTH');
    expectRefused({ ...raw, header: encodeCbor(['entry', 1]) }, 'E_AUTH');
  });

  it('refuses an entry of another vault', () => {
    expectRefused(forgeEntry(world, reader, { header: { vault: newId(world.random) } }), 'E_AUTH');
  });
});

describe('[F-REPLAY-2] author', () => {
  it('[K12] refuses a device that the chain does not know', () => {
    const ghost = newDeviceKeys(world.random);
    expectRefused(
      forgeEntry(world, reader, { header: { device: ghost.device, deviceSeq: 1 }, signer: ghost.signing }),
      'E_MEMBER',
    );
  });

  it('refuses an unknown account head, and says that the chain may be old', () => {
    const raw = forgeEntry(world, reader, { header: { accountHead: world.random.bytes(32) } });
    const error = expectStop(() => openEntry(reader.position, reader.keyRing, world.account.chain, raw), 'E_MEMBER');
    expect(error.reason).toBe('chain-stale');
  });

  it('refuses an account head before one that this account has used', () => {
    const joined = addDevice(
      world.account.keys,
      world.account.chain,
      newDeviceKeys(world.random),
      'third',
      nowUs,
      world.random,
    );
    const old = world.account.chain.head;
    world = { ...world, account: { ...world.account, chain: joined.chain } };
    push(world, [folder('c')]);
    pull(world, reader);
    expectRefused(forgeEntry(world, reader, { header: { accountHead: old } }), 'E_MEMBER');
  });

  it('refuses a device before it was added and after it was revoked [S13]', () => {
    const { keys, chain } = world.account;
    const late = newDeviceKeys(world.random);
    const joined = addDevice(keys, chain, late, 'late', nowUs, world.random);
    const revoked = revokeDevice(keys, joined.chain, late.device, nowUs);
    world = { ...world, account: { ...world.account, chain: revoked.chain } };
    for (const accountHead of [chain.head, revoked.chain.head]) {
      const header = { device: late.device, deviceSeq: 1, accountHead };
      expectRefused(forgeEntry(world, reader, { header, signer: late.signing }), 'E_MEMBER');
    }
  });

  it('[K9] [S14] refuses a signature by another key, and a changed one', () => {
    const raw = forgeEntry(world, reader, { signer: must(world.account.devices[1]).signing });
    expectRefused(raw, 'E_AUTH');
    const good = forgeEntry(world, reader);
    expectRefused({ ...good, signature: flipped(good.signature, 5) }, 'E_AUTH');
    expectRefused({ ...good, signature: good.signature.subarray(0, 63) }, 'E_AUTH');
  });

  it('refuses another account, even with a chain of its own', () => {
    const stranger = testAccount(world.random, 1);
    const author = authorOf(stranger);
    const raw = forgeEntry(world, reader, {
      header: { account: author.account, device: author.device, deviceSeq: 1, accountHead: author.chain.head },
      signer: author.signing,
    });
    for (const chain of [world.account.chain, stranger.chain]) {
      const error = expectStop(() => openEntry(reader.position, reader.keyRing, chain, raw), 'E_MEMBER');
      expect(error.reason).toBeUndefined();
    }
  });

  it('refuses another account that has put this very vault into its own chain', () => {
    const stranger = testAccount(world.random, 1);
    const genesis = sha256(must(world.log[0]).raw.header);
    const { chain } = addVault(stranger.keys, stranger.chain, world.vault, genesis, nowUs);
    const author = authorOf({ ...stranger, chain });
    const raw = forgeEntry(world, reader, {
      header: { account: author.account, device: author.device, deviceSeq: 1, accountHead: chain.head },
      signer: author.signing,
    });
    expectStop(() => openEntry(reader.position, reader.keyRing, chain, raw), 'E_MEMBER');
  });

  it('is not sealed for with a key that the chain does not name', () => {
    const [own, other] = [must(world.account.devices[0]), must(world.account.devices[1])];
    const author = { ...authorOf(world.account), device: own.device, signing: other.signing };
    expect(() => seal(world, reader, [folder('x')], author)).toThrowError(
      expect.objectContaining({ kind: 'refused', reason: 'device-revoked' }),
    );
  });
});

describe('[F-REPLAY-3] epochs', () => {
  const ring = () => newEpoch({ vault: world.vault, epoch: 2 }, [own()], world.random);
  const own = () => ({ account: world.account.keys.account, sealingKey: world.account.keys.sealing.publicKey });
  const epochOperation = (epoch: number, grants: Uint8Array): Operation => ({
    type: 'epoch',
    epoch,
    grantsHash: sha256(grants),
  });

  it('[F-EPOCH-2] refuses an epoch that is neither the current nor the next one', () => {
    for (const epoch of [3, 9]) {
      const made = newEpoch({ vault: world.vault, epoch }, [own()], world.random);
      const raw = forgeEntry(world, reader, {
        header: { epoch },
        logKey: made.keys.log,
        operations: [epochOperation(epoch, made.grants)],
      });
      expectRefused(raw, 'E_MEMBER', made.grants);
    }
  });

  it('[F-EPOCH-2] refuses the old epoch once a new one began', () => {
    const { keys } = world.account;
    const revoked = revokeDevice(keys, world.account.chain, must(world.account.devices[1]).device, nowUs);
    const oldKey = must(world.replica.keyRing.epochs.get(1)).log;
    world = { ...world, account: { ...world.account, chain: revoked.chain } };
    push(world, [folder('c')]);
    pull(world, reader);
    expectRefused(forgeEntry(world, reader, { header: { epoch: 1 }, logKey: oldKey }), 'E_MEMBER');
  });

  it('[F-EPOCH-2] refuses an epoch operation within an epoch, or not in front', () => {
    const { grants, keys } = ring();
    expectRefused(forgeEntry(world, reader, { operations: [epochOperation(2, grants)] }), 'E_MEMBER');
    const late = forgeEntry(world, reader, {
      header: { epoch: 2 },
      logKey: keys.log,
      operations: [folder('x'), epochOperation(2, grants)],
    });
    expectRefused(late, 'E_MEMBER', grants);
    const twice = forgeEntry(world, reader, {
      header: { epoch: 2 },
      logKey: keys.log,
      operations: [epochOperation(2, grants), epochOperation(2, grants)],
    });
    expectRefused(twice, 'E_MEMBER', grants);
    const wrong = forgeEntry(world, reader, {
      header: { epoch: 2 },
      logKey: keys.log,
      operations: [epochOperation(3, grants)],
    });
    expectRefused(wrong, 'E_MEMBER', grants);
    const none = forgeEntry(world, reader, { header: { epoch: 2 }, logKey: keys.log, operations: [folder('x')] });
    expectRefused(none, 'E_MEMBER', grants);
  });

  it('[F-EPOCH-1] [K11] refuses grants that the entry does not pin', () => {
    const { grants, keys } = ring();
    const raw = forgeEntry(world, reader, {
      header: { epoch: 2 },
      logKey: keys.log,
      operations: [epochOperation(2, grants)],
    });
    const place = { vault: world.vault, epoch: 2, recipient: world.account.keys.account };
    const again = sealGrant(place, world.account.keys.sealing.publicKey, keys.vaultKey, world.random);
    const others = encodeGrants({ ...place, grants: [{ account: place.recipient, grant: again }] });
    expectRefused(raw, 'E_MEMBER', others);
    expect(openEntry(reader.position, reader.keyRing, world.account.chain, raw, grants).position.epochs).toHaveLength(
      2,
    );
  });

  it('[F-FREEZE-2] missing grants are unavailable, no attack', () => {
    const { grants, keys } = ring();
    const raw = forgeEntry(world, reader, {
      header: { epoch: 2 },
      logKey: keys.log,
      operations: [epochOperation(2, grants)],
    });
    expect(beginsEpoch(reader.position, raw)).toBe(2);
    expect(beginsEpoch(reader.position, forgeEntry(world, reader))).toBeNull();
    expectRefused(raw, 'missing');
  });

  it('[F-GRANT-1] refuses a grant of another kem, one that does not open, and none at all', () => {
    const { grants, keys } = ring();
    const parsed = parseGrants(grants);
    const grant = must(parsed.grants[0]).grant;
    const cases: [Uint8Array | null, SecurityCode][] = [
      [Uint8Array.of(2, ...grant.subarray(1)), 'E_DOWNGRADE'],
      [flipped(grant, 40), 'E_AUTH'],
      [grant.subarray(0, 20), 'E_AUTH'],
      [null, 'E_MEMBER'],
    ];
    for (const [bad, code] of cases) {
      const account = world.account.keys.account;
      const bytes = encodeGrants({ ...parsed, grants: bad === null ? [] : [{ account, grant: bad }] });
      const raw = forgeEntry(world, reader, {
        header: { epoch: 2 },
        logKey: keys.log,
        operations: [epochOperation(2, bytes)],
      });
      expectRefused(raw, code, bytes);
    }
    const ofOther = encodeGrants({ ...parsed, epoch: 3 });
    const raw = forgeEntry(world, reader, {
      header: { epoch: 2 },
      logKey: keys.log,
      operations: [epochOperation(2, ofOther)],
    });
    expectRefused(raw, 'E_AUTH', ofOther);
  });

  it('[F-EPOCH-3] after a revocation the next entry must begin an epoch, and the author does so', () => {
    const { keys } = world.account;
    const lost = must(world.account.devices[1]);
    const revoked = revokeDevice(keys, world.account.chain, lost.device, nowUs);
    expect(needsRotation(reader.position, world.account.chain)).toBe(false);
    world = { ...world, account: { ...world.account, chain: revoked.chain } };
    expect(needsRotation(reader.position, revoked.chain)).toBe(true);
    expectRefused(forgeEntry(world, reader), 'E_MEMBER');

    const sealed = sealEntry(reader.position, reader.keyRing, authorOf(world.account), emptyDraft, nowUs, world.random);
    const opened = openEntry(reader.position, reader.keyRing, revoked.chain, sealed.raw, must(sealed.grants));
    expect(opened.position).toEqual(sealed.opened.position);
    expect(opened.header.epoch).toBe(2);
    expect(needsRotation(opened.position, revoked.chain)).toBe(false);
    expect(opened.operations.map((operation) => operation.type)).toEqual(['epoch']);
  });

  it('[S12] a revoked device does not get to write', () => {
    const lost = must(world.account.devices[1]);
    const revoked = revokeDevice(world.account.keys, world.account.chain, lost.device, nowUs);
    const author = authorOf(world.account, 1, revoked.chain);
    expect(() => seal(world, reader, [folder('x')], author)).toThrowError(
      expect.objectContaining({ kind: 'refused', reason: 'device-revoked' }),
    );
  });
});

describe('[F-REPLAY-4] order', () => {
  it('refuses an entry that does not follow, as a fork', () => {
    for (const seq of [1, 3, 5]) expectRefused(forgeEntry(world, reader, { header: { seq } }), 'E_FORK');
    expectRefused(forgeEntry(world, reader, { header: { prevHash: world.random.bytes(32) } }), 'E_FORK');
    expectRefused(must(world.log[1]).raw, 'E_FORK');
  });

  it('[S9] histories that were split do not join again', () => {
    const hidden = seal(world, world.replica, [folder('hidden')]);
    push(world, [folder('shown')], authorOf(world.account, 1));
    pull(world, reader);
    expectRefused(hidden.raw, 'E_FORK');
  });

  it('[F-CHAIN-5] refuses a vault that is not in the chain, or begins in another way', () => {
    const planted = newVault(world.account.keys, authorOf(world.account), 'Planted', nowUs, world.random);
    const start = [startOf(planted.vault), emptyKeyRing(world.account.keys, planted.vault)] as const;
    const { raw } = planted.genesis;
    expectStop(() => openEntry(...start, world.account.chain, raw, planted.grants), 'E_MEMBER');
    const { chain } = addVault(world.account.keys, world.account.chain, planted.vault, new Uint8Array(32), nowUs);
    expectStop(() => openEntry(...start, chain, raw, planted.grants), 'E_FORK');
    expect(openEntry(...start, planted.chain, raw, planted.grants).position.name).toBe('Planted');
  });
});

describe('[F-REPLAY-5] device seq', () => {
  it('refuses a gap or a repetition in what a device wrote', () => {
    for (const deviceSeq of [1, 2, 4]) expectRefused(forgeEntry(world, reader, { header: { deviceSeq } }), 'E_FORK');
  });
});

describe('[F-REPLAY-6] hashes and the box', () => {
  it('refuses a changed ciphertext [S1]', () => {
    const raw = forgeEntry(world, reader);
    for (const at of [0, 30, 60, raw.ciphertext.length - 1]) {
      expectRefused({ ...raw, ciphertext: flipped(raw.ciphertext, at) }, 'E_AUTH');
    }
  });

  it('refuses a box that the author made for the same place, but did not sign', () => {
    const [raw, other] = [forgeEntry(world, reader), forgeEntry(world, reader, { operations: [folder('other')] })];
    expectRefused({ ...raw, ciphertext: other.ciphertext }, 'E_AUTH');
  });

  it('refuses a box of another place [S3], key or device', () => {
    const raw = forgeEntry(world, reader);
    for (const header of [
      { seq: 9 },
      { device: must(world.account.devices[1]).device },
      { prevHash: new Uint8Array(32) },
    ]) {
      const { ciphertext } = forgeEntry(world, reader, { header });
      const honest = parseEntryHeader(raw.header);
      const moved = forgeEntry(world, reader, { header: { ...honest, ciphertextHash: sha256(ciphertext) } });
      expectRefused({ ...moved, ciphertext }, 'E_AUTH');
    }
    expectRefused(forgeEntry(world, reader, { logKey: world.random.bytes(32) }), 'E_AUTH');
  });

  it('[F-ENTRY-1] refuses lists that are not the signed ones, unsorted, doubled, or overlapping', () => {
    const ids = Array.from({ length: 3 }, () => newId<ObjectId>(world.random)).sort();
    const good = forgeEntry(world, reader, { retained: ids });
    expect(openEntry(reader.position, reader.keyRing, world.account.chain, good).position.seq).toBe(4);
    expectRefused({ ...good, retained: ids.slice(1) }, 'E_AUTH');
    expectRefused({ ...good, released: ids.slice(1) }, 'E_AUTH');
    expectRefused(forgeEntry(world, reader, { retained: [...ids].reverse() }), 'E_AUTH');
    expectRefused(forgeEntry(world, reader, { released: [must(ids[0]), must(ids[0])] }), 'E_AUTH');
    expectRefused(forgeEntry(world, reader, { retained: ids, released: ids.slice(0, 1) }), 'E_AUTH');
  });

  it('[F-ENTRY-1] refuses 65,537 ids', () => {
    const ids = Array.from({ length: 65_537 }, (_, i) => i.toString(16).padStart(32, '0') as ObjectId);
    expectRefused(forgeEntry(world, reader, { retained: ids }), 'E_LIMIT');
  });
});

describe('[F-REPLAY-7] plaintext', () => {
  it('refuses bad padding and CBOR of a member, and stops at what is newer', () => {
    const good = encodeOperations(nowUs, [folder('x')]);
    expectRefused(forgeEntry(world, reader, { padded: good.subarray(0, 200) }), 'E_AUTH');
    expectRefused(forgeEntry(world, reader, { padded: new Uint8Array(256) }), 'E_AUTH');
    const newer = new Uint8Array(256);
    const plain = encodeCbor(['operations', 1, 0, [[24, 'what']]]);
    newer.set(plain);
    newer[plain.length] = 0x80;
    expectRefused(forgeEntry(world, reader, { padded: newer }), 'version');
  });

  it('a vault is not made under a name that no node may have', () => {
    expect(() => newVault(world.account.keys, authorOf(world.account), 'a/b', nowUs, world.random)).toThrowError(
      expect.objectContaining({ kind: 'usage' }),
    );
  });

  it('a genesis holds name and epoch in front, and nothing else begins a vault', () => {
    const made = newVault(world.account.keys, authorOf(world.account), 'New', nowUs, world.random);
    const start = { ...freshReplica(world.account, made.vault) };
    const draft = draftOf([folder('x')]);
    const author = authorOf(world.account);
    const bad = sealEntry(start.position, start.keyRing, author, draft, nowUs, world.random);
    const { chain } = addVault(world.account.keys, world.account.chain, made.vault, bad.entryHash, nowUs);
    expectStop(() => openEntry(start.position, start.keyRing, chain, bad.raw, must(bad.grants)), 'E_MEMBER');
  });
});

describe('[F-REPLAY-8] the end of the log', () => {
  const hash = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

  it('[S8] before the position is a rollback, another entry at it a fork', () => {
    const { position } = reader;
    checkLogEnd(position, { seq: 3, hash: hash(position.head) });
    checkLogEnd(position, { seq: 9, hash: new Uint8Array(32) });
    expectStop(() => checkLogEnd(position, { seq: 2, hash: hash(position.head) }), 'E_ROLLBACK');
    expectStop(() => checkLogEnd(position, { seq: 3, hash: new Uint8Array(32) }), 'E_FORK');
  });
});

describe('[F-REPLAY-9] a client that was restored from a backup', () => {
  it('adopts its own later entries and goes on after them', () => {
    const old = freshReplica(world.account, world.vault);
    pull({ ...world, log: world.log.slice(0, 1) }, old);
    const early = seal(world, old, [folder('forked')]);
    expectRefused(early.raw, 'E_FORK');
    pull(world, old);
    const next = seal(world, old, [folder('c')]);
    expect(openEntry(reader.position, reader.keyRing, world.account.chain, next.raw).position.seq).toBe(4);
  });
});

describe('keys', () => {
  it('[F-EPOCH-1] stored grants that the log does not pin are refused, missing ones unavailable', () => {
    const grants = must(world.log[0]?.grants);
    const { keys } = world.account;
    expectStop(() => openKeyRing(keys, reader.position, new Map([[1, flipped(grants, 90)]])), 'E_MEMBER');
    expectStop(() => openKeyRing(keys, reader.position, new Map()), 'missing');
  });

  it('[F-KEY-1] a key that the chain does not name is not sealed to', () => {
    const other: TestAccount = testAccount(world.random, 1);
    const revoked = revokeDevice(world.account.keys, world.account.chain, must(world.account.devices[1]).device, nowUs);
    const ring = { ...reader.keyRing, sealing: other.keys.sealing };
    const author = authorOf(world.account, 0, revoked.chain);
    expectStop(() => sealEntry(reader.position, ring, author, emptyDraft, nowUs, world.random), 'E_KEYCHANGE');
  });

  it('[F-ENTRY-3] sealing again for the same place gives other bytes', () => {
    const [a, b] = [seal(world, reader, [folder('x')]), seal(world, reader, [folder('x')])];
    expect(toHex(a.raw.ciphertext.subarray(0, 56))).not.toBe(toHex(b.raw.ciphertext.subarray(0, 56)));
  });

  it('a chain that is older than what the log shows is fetched first', () => {
    const older = { ...world.account.chain, position: 2 };
    expect(() => seal(world, reader, [folder('x')], authorOf(world.account, 0, older))).toThrowError(
      expect.objectContaining({ kind: 'conflict', reason: 'chain-stale' }),
    );
  });
});
