import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../../src/common/bytes.ts';
import { must, securityError } from '../../../src/common/errors.ts';
import {
  type AccountId,
  type DeviceId,
  idBytes,
  type NodeId,
  newId,
  type ObjectId,
  rootNode,
} from '../../../src/common/ids.ts';
import { sealBox } from '../../../src/crypto/box.ts';
import { type Cbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import {
  type CheckpointHeader,
  encodeCheckpointHeader,
  parseCheckpointHeader,
  signCheckpoint,
} from '../../../src/crypto/checkpoint-header.ts';
import { type SealedChunk, sealChunk } from '../../../src/crypto/chunk.ts';
import { hashIdList, sortedIds } from '../../../src/crypto/id-list.ts';
import { sha256 } from '../../../src/crypto/sha256.ts';
import type { ChunkRef } from '../../../src/model/manifest.ts';
import { revokeDevice } from '../../../src/vault/account-steps.ts';
import {
  type CheckpointState,
  decodeCheckpointState,
  encodeCheckpointState,
} from '../../../src/vault/checkpoint-state.ts';
import { freezePosition } from '../../../src/vault/freeze.ts';
import { isCheckpointDue } from '../../../src/vault/is-checkpoint-due.ts';
import { epochKeysOf } from '../../../src/vault/key-ring.ts';
import {
  checkpointEpoch,
  compareState,
  type OpenedCheckpoint,
  openCheckpoint,
  readState,
} from '../../../src/vault/read-checkpoint.ts';
import { rowFields, type StateRow } from '../../../src/vault/state-row.ts';
import type { VaultNode } from '../../../src/vault/vault-tree.ts';
import { hashState, type RawCheckpoint, writeCheckpoint } from '../../../src/vault/write-checkpoint.ts';
import { memoryVaultTree } from '../../fakes/memory-vault-tree.ts';
import {
  authorOf,
  pull,
  push,
  type Replica,
  type TestVault,
  testManifest,
  testVault,
} from '../../fakes/vault-world.ts';
import { expectStop, expectStopAsync } from '../../helpers/security.ts';

let world: TestVault;
let objects: Map<ObjectId, Uint8Array>;
let raw: RawCheckpoint;
let docs: NodeId;
let file: NodeId;

const store = async (page: SealedChunk): Promise<void> => void objects.set(page.objectId, page.sealed);
const fetchPage = async (ref: ChunkRef): Promise<Uint8Array> => must(objects.get(ref.objectId));
const grants = () =>
  new Map(world.log.flatMap(({ grants: each }) => (each === null ? [] : [each])).map((each, at) => [at + 1, each]));
const open = (checkpoint = raw, chain = world.account.chain): OpenedCheckpoint =>
  openCheckpoint(world.vault, world.account.keys, chain, checkpoint, grants());

async function rowsOf(opened: OpenedCheckpoint): Promise<StateRow[]> {
  const rows: StateRow[] = [];
  for await (const page of readState(opened, fetchPage)) rows.push(...page);
  return rows;
}

const write = (rows: Iterable<StateRow>): Promise<RawCheckpoint> =>
  writeCheckpoint({
    position: world.replica.position,
    keyRing: world.replica.keyRing,
    author: authorOf(world.account),
    rows,
    storePage: store,
    random: world.random,
  });

beforeEach(async () => {
  world = testVault('checkpoint');
  objects = new Map();
  docs = newId<NodeId>(world.random);
  file = newId<NodeId>(world.random);
  const gone = newId<NodeId>(world.random);
  push(world, [
    { type: 'create-folder', node: docs, parent: rootNode, name: 'docs' },
    { type: 'create-file', node: file, parent: docs, name: 'file', manifest: testManifest(world.random, file, 3) },
    { type: 'create-folder', node: gone, parent: docs, name: 'gone' },
  ]);
  push(
    world,
    [
      { type: 'revise', node: file, manifest: testManifest(world.random, file) },
      { type: 'delete', node: gone },
      { type: 'vault', name: 'Renamed' },
    ],
    authorOf(world.account, 1),
  );
  raw = await write(world.replica.tree.rows());
});

describe('a checkpoint', () => {
  it('gives position, keys and state as replay does, and replay goes on from it', async () => {
    const opened = open();
    expect(opened.position).toEqual(world.replica.position);
    const tree = memoryVaultTree(await rowsOf(opened));
    expect(tree.rows()).toEqual(world.replica.tree.rows());
    const reader: Replica = { position: opened.position, keyRing: opened.keyRing, tree };
    push(world, [{ type: 'place', node: docs, parent: rootNode, name: 'papers' }]);
    pull(world, reader);
    expect(reader.position).toEqual(world.replica.position);
    expect(reader.tree.rows()).toEqual(world.replica.tree.rows());
  });

  it('of an empty vault has no pages', async () => {
    world = testVault('empty');
    raw = await write([]);
    expect(raw.pages).toEqual([]);
    expect(await rowsOf(open())).toEqual([]);
  });

  it('fills pages greedily: 4096 rows, or 1 MiB', async () => {
    const node = (i: number, name: string): StateRow => ({
      type: 'node',
      node: {
        id: i.toString(16).padStart(32, '0') as NodeId,
        kind: 'folder',
        parent: rootNode,
        name,
        isDeleted: false,
        revision: null,
        seq: 1,
        timeUs: 0,
        deviceId: authorOf(world.account).device,
      },
    });
    const many = Array.from({ length: 10_000 }, (_, i) => node(i + 1, `f${i}`));
    raw = await write(many);
    const pages = async () => {
      const counts: number[] = [];
      for await (const page of readState(open(), fetchPage)) counts.push(page.length);
      return counts;
    };
    expect(await pages()).toEqual([4096, 4096, 1808]);
    const long = Array.from({ length: 2000 }, (_, i) =>
      node(i + 1, `${String(i).padStart(4, '0')}${'x'.repeat(1000)}`),
    );
    raw = await write(long);
    // A row is 1065 bytes: three ids of 17, a name of 1007, and seven of one. 984 of them are 1,047,960.
    expect(await pages()).toEqual([984, 984, 32]);
  });

  it('is the same for the same state, whoever writes it, and differs for another', async () => {
    const rows = world.replica.tree.rows();
    const hash = await hashState(world.vault, rows);
    expect(open().stateHash).toEqual(hash);
    expect(open(await write(rows)).stateHash).toEqual(hash);
    expect(await hashState(world.vault, rows.slice(1))).not.toEqual(hash);
  });

  it('is due after enough entries or bytes', () => {
    expect(isCheckpointDue({ entries: 4999, bytes: 1000 }, 10)).toBe(false);
    expect(isCheckpointDue({ entries: 5000, bytes: 0 }, 10)).toBe(true);
    expect(isCheckpointDue({ entries: 1, bytes: 2 ** 26 }, 10)).toBe(true);
  });

  it('is not due while to replay takes a new device less than to read it', () => {
    expect(isCheckpointDue({ entries: 5000, bytes: 0 }, 1_000_000)).toBe(false);
    // A million files, just sent: a thousand of them in an entry, 210 bytes each.
    expect(isCheckpointDue({ entries: 1000, bytes: 210e6 }, 1_000_000)).toBe(false);
    expect(isCheckpointDue({ entries: 120_000, bytes: 280e6 }, 1_000_000)).toBe(true);
    expect(isCheckpointDue({ entries: 1000, bytes: 210e6 }, 600_000)).toBe(true);
  });

  it('is not written of a frozen vault', async () => {
    world.replica.position = freezePosition(world.replica.position, securityError('E_FORK', 'Two histories.'), 0);
    await expectStopAsync(() => write([]), 'E_FORK');
  });

  it('is not written before a new epoch that a revocation asks for', async () => {
    const lost = must(world.account.devices[1]).device;
    const { chain } = revokeDevice(world.account.keys, world.account.chain, lost, 0);
    world = { ...world, account: { ...world.account, chain } };
    await expect(write([])).rejects.toMatchObject({ kind: 'conflict', reason: 'rotation' });
  });
});

/** The checkpoint with another signed body and box. */
function forge(
  change: { header?: Partial<CheckpointHeader>; state?: Partial<CheckpointState>; pages?: readonly ObjectId[] } = {},
  signer = authorOf(world.account).signing,
): RawCheckpoint {
  const honest = parseCheckpointHeader(raw.body);
  const opened = open();
  const { position } = opened;
  const state = { ...position, stateHash: opened.stateHash, pages: opened.pages, ...change.state };
  const header = { ...honest, ...change.header };
  const key = epochKeysOf(world.replica.keyRing, honest.epoch).checkpoint;
  const context: Cbor[] = [idBytes(header.vault), header.epoch, header.seq, header.head];
  const box = sealBox('checkpoint', key, context, encodeCheckpointState(state), world.random);
  const pages = change.pages ?? sortedIds(state.pages.map((page) => page.objectId));
  const body = encodeCheckpointHeader({
    ...header,
    boxHash: sha256(box),
    objectsHash: hashIdList(pages),
    ...change.header,
  });
  return { body, signature: signCheckpoint(body, signer), box, pages };
}

describe('[F-CKPT-1] a forged or mixed checkpoint', () => {
  it('an honest one by the forger opens, so that the cases below fail for their one reason', () => {
    expect(open(forge()).position).toEqual(world.replica.position);
    expect(checkpointEpoch(raw)).toBe(1);
  });

  it('fails by shape, suite, vault, size', () => {
    expectStop(() => open({ ...raw, body: new Uint8Array(1025) }), 'E_LIMIT');
    expectStop(() => open({ ...raw, body: encodeCbor(['checkpoint', 3]) }), 'E_DOWNGRADE');
    expectStop(() => open({ ...raw, body: encodeCbor(['entry', 1]) }), 'E_AUTH');
    expectStop(() => open({ ...raw, box: new Uint8Array(4 * 1024 * 1024 + 1) }), 'E_LIMIT');
    expectStop(() => open(forge({ header: { vault: newId(world.random) } })), 'E_AUTH');
  });

  it('fails by its author', () => {
    expectStop(() => open(forge({}, must(world.account.devices[1]).signing)), 'E_AUTH');
    expectStop(() => open(forge({ header: { device: newId(world.random) } })), 'E_MEMBER');
    expectStop(() => open(forge({ header: { account: newId(world.random) } })), 'E_MEMBER');
    const error = expectStop(() => open(forge({ header: { accountHead: new Uint8Array(32) } })), 'E_MEMBER');
    expect(error.reason).toBe('chain-stale');
  });

  it('is not used once its author was revoked', () => {
    const { chain } = revokeDevice(world.account.keys, world.account.chain, authorOf(world.account).device, 0);
    expect(expectStop(() => open(raw, chain), 'missing').reason).toBe('checkpoint-author');
  });

  it('fails by hashes, box and lists', () => {
    const flipped = raw.box.slice();
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    expectStop(() => open({ ...raw, box: flipped }), 'E_AUTH');
    expectStop(() => open({ ...raw, box: forge().box }), 'E_AUTH');
    expectStop(() => open({ ...raw, pages: [] }), 'E_AUTH');
    expectStop(() => open(forge({ header: { seq: 9 } })), 'E_AUTH');
    expectStop(() => open(forge({ pages: [newId<ObjectId>(world.random)] })), 'E_AUTH');
  });

  it('fails when box, body and chain do not agree', () => {
    const { position } = world.replica;
    const [epoch] = position.epochs;
    const [account] = position.accounts;
    const bad: Partial<CheckpointState>[] = [
      { deviceSeqs: { ...position.deviceSeqs, [newId(world.random)]: 1 } },
      { deviceSeqs: {} },
      { accounts: [] },
      { accounts: [{ ...must(account), position: 1 }] },
      { epochs: [] },
      { epochs: [{ ...must(epoch), seq: 2 }] },
      { epochs: [must(epoch), { ...must(epoch), epoch: 2, seq: 2 }] },
    ];
    const heads = [...world.account.chain.positions.keys()];
    const other = newId<AccountId>(world.random);
    bad.push(
      { deviceSeqs: { [newId<DeviceId>(world.random)]: position.seq } },
      {
        accounts: [must(account), { ...must(account), account: other }].sort((a, b) =>
          a.account < b.account ? -1 : 1,
        ),
      },
      { accounts: [{ ...must(account), account: other }] },
      { accounts: [{ ...must(account), head: must(heads[0]) }] },
      { epochs: [{ ...must(epoch), accountPosition: 99 }] },
    );
    for (const state of bad) expectStop(() => open(forge({ state })), 'E_AUTH');
    const before = must(fromHex(must(heads[2])));
    expectStop(() => open(forge({ header: { accountHead: before } })), 'E_AUTH');
    expectStop(() => open(forge({ state: { epochs: [{ ...must(epoch), grantsHash: '00'.repeat(32) }] } })), 'E_MEMBER');
  });

  it('fails when the lists in its box are out of order, doubled, or name what cannot be', () => {
    const state = (devices: Cbor, accounts: Cbor, epochs: Cbor, pages: Cbor = []): Uint8Array =>
      encodeCbor(['checkpoint-state', 1, 'name', devices, accounts, epochs, new Uint8Array(32), pages]);
    const id = (i: number) => new Uint8Array(16).fill(i);
    const hash = new Uint8Array(32);
    const ok: [Cbor, Cbor, Cbor, Cbor] = [
      [
        [id(1), 1],
        [id(2), 1],
      ],
      [
        [id(1), 1, hash],
        [id(2), 1, hash],
      ],
      [
        [1, 1, 1, hash],
        [2, 5, 1, hash],
      ],
      [[id(1), hash, hash, 1]],
    ];
    expect(decodeCheckpointState(state(...ok)).epochs).toHaveLength(2);
    const twice = (list: Cbor): Cbor => [(list as Cbor[])[0] ?? 0, (list as Cbor[])[0] ?? 0];
    const turned = (list: Cbor): Cbor => [...(list as Cbor[])].reverse();
    for (const change of [twice, turned]) {
      for (const at of [0, 1, 2]) {
        const bad = ok.map((list, i) => (i === at ? change(list) : list)) as typeof ok;
        expectStop(() => decodeCheckpointState(state(...bad)), 'E_AUTH');
      }
    }
    expectStop(() => decodeCheckpointState(state(ok[0], ok[1], ok[2], [[id(1), hash, hash, 0]])), 'E_AUTH');
  });

  it('after a rotation needs the grants of each epoch, and epochs that follow each other', async () => {
    const lost = must(world.account.devices[1]).device;
    const { chain } = revokeDevice(world.account.keys, world.account.chain, lost, 0);
    world = { ...world, account: { ...world.account, chain } };
    push(world, []);
    raw = await write(world.replica.tree.rows());
    expect(checkpointEpoch(raw)).toBe(2);
    const opened = open();
    expect(opened.position).toEqual(world.replica.position);
    expect([...opened.keyRing.epochs.keys()]).toEqual([1, 2]);
    for (const epoch of [1, 2]) {
      const some = grants();
      some.delete(epoch);
      expectStop(() => openCheckpoint(world.vault, world.account.keys, chain, raw, some), 'missing');
    }
    const [first, second] = opened.position.epochs;
    expectStop(() => open(forge({ state: { epochs: [must(first), { ...must(second), seq: 1 }] } })), 'E_AUTH');
    expectStop(() => open(forge({ state: { epochs: [must(first), { ...must(second), seq: 99 }] } })), 'E_AUTH');
  });

  it('[F-FREEZE-2] without grants is unavailable', () => {
    const nothing = () => openCheckpoint(world.vault, world.account.keys, world.account.chain, raw, new Map());
    expect(expectStop(nothing, 'missing').reason).toBe('grants');
  });

  it('fails by a page that was changed, swapped, of another type, vault, index or suite', async () => {
    const rows = world.replica.tree.rows().map(rowFields);
    const page = (fields: Cbor, type: 'state-page' | 'manifest-page' = 'state-page') => {
      const plain = encodeCbor(fields);
      const sealed = sealChunk(plain, world.random, type);
      objects.set(sealed.objectId, sealed.sealed);
      const { objectId, secret, hash, plainLength } = sealed;
      return forge({ state: { pages: [{ objectId, secret, hash, plainLength }], stateHash: sha256(sha256(plain)) } });
    };
    const vault = idBytes(world.vault);
    const plain = (i: number, name = String(i), kind = 0): Cbor => {
      const id = new Uint8Array(16).fill(i);
      return [0, id, kind, new Uint8Array(16), name, false, 1, 0, id, null];
    };
    expect(await rowsOf(open(page(['state-page', 1, vault, 0, [plain(1), plain(2)]])))).toHaveLength(2);
    const good = await rowsOf(open(page(['state-page', 1, vault, 0, rows])));
    expect(good).toEqual(world.replica.tree.rows());
    for (const bad of [
      page(['state-page', 1, world.random.bytes(16), 0, rows]),
      page(['state-page', 1, vault, 1, rows]),
      page(['manifest-page', 1, vault, 0, rows]),
      page(['state-page', 1, vault, 0, rows], 'manifest-page'),
      page(['state-page', 1, vault, 0, [...rows].reverse()]),
      page(['state-page', 1, vault, 0, [...rows, rows.at(-1) ?? 0]]),
      page(['state-page', 1, vault, 0, [[2, vault]]]),
      page(['state-page', 1, vault, 0, [plain(2), plain(1)]]),
      page(['state-page', 1, vault, 0, [plain(1), plain(1, 'again')]]),
      page(['state-page', 1, vault, 0, [plain(1, 'a', 2)]]),
      page(['state-page', 1, vault, 0, [...rows.slice(0, -1), [2, ...(rows.at(-1) as Cbor[]).slice(1)]]]),
    ]) {
      await expectStopAsync(() => rowsOf(open(bad)), 'E_AUTH');
    }
    await expectStopAsync(() => rowsOf(open(page(['state-page', 7, vault, 0, rows]))), 'E_DOWNGRADE');
    const [id] = raw.pages;
    const changed = must(objects.get(must(id))).slice();
    changed[9] = (changed[9] ?? 0) ^ 1;
    objects.set(must(id), changed);
    await expectStopAsync(() => rowsOf(open()), 'E_AUTH');
  });

  it('fails when the pages are not those of stateHash', async () => {
    await expectStopAsync(() => rowsOf(open(forge({ state: { stateHash: new Uint8Array(32) } }))), 'E_AUTH');
  });

  it('fails when its rows are no state that the tree rules allow', async () => {
    const id = (i: number) => i.toString(16).padStart(32, '0') as NodeId;
    const base: VaultNode = {
      id: id(1),
      kind: 'folder',
      parent: rootNode,
      name: 'a',
      isDeleted: false,
      revision: null,
      seq: 1,
      timeUs: 0,
      deviceId: authorOf(world.account).device,
    };
    const node = (change: Partial<VaultNode>): StateRow => ({ type: 'node', node: { ...base, ...change } });
    const manifest = testManifest(world.random, id(1));
    const { revision } = manifest;
    const kept = (change: object = {}): StateRow => ({
      type: 'revision',
      revision: { node: id(1), revision, seq: 1, timeUs: 0, deviceId: base.deviceId, manifest, ...change },
    });
    const isFile = { kind: 'file', revision } as const;
    const bad: Record<string, StateRow[]> = {
      'no parent': [node({ parent: id(9) })],
      'a file as parent': [node(isFile), kept(), node({ id: id(2), parent: id(1) })],
      'a live node in a deleted folder': [node({ isDeleted: true }), node({ id: id(2), parent: id(1) })],
      'a cycle': [node({ parent: id(2) }), node({ id: id(2), parent: id(1), name: 'b' })],
      'a cycle of deleted nodes': [
        node({ parent: id(2), isDeleted: true }),
        node({ id: id(2), parent: id(1), isDeleted: true }),
      ],
      'its own parent': [node({ parent: id(1) })],
      'two siblings of one name': [node({ name: '\u00e9' }), node({ id: id(2), name: 'e\u0301' })],
      'a name that leaves': [node({ name: '..' })],
      'the root': [node({ id: rootNode })],
      'a seq after it': [node({ seq: 99 })],
      'a folder with content': [node({ revision }), kept()],
      'a live file without content': [node({ kind: 'file' })],
      'a current revision that is not kept': [node(isFile)],
      'a current revision that is not kept, before others': [node(isFile), node({ id: id(2), name: 'b' })],
      'a folder with a revision': [node({ revision })],
      'a revision without its node': [kept()],
      'a revision of another node': [node(isFile), kept({ node: id(2) })],
      'a manifest of another revision': [node(isFile), kept({ manifest: testManifest(world.random, id(1)) })],
      'one revision twice': [
        node(isFile),
        kept(),
        node({ ...isFile, id: id(2), name: 'b' }),
        kept({ node: id(2), manifest: { ...manifest, node: id(2) } }),
      ],
      'a revision after it': [node(isFile), kept({ seq: 99 })],
    };
    for (const [what, rows] of Object.entries(bad)) {
      raw = await write(rows);
      await expectStopAsync(() => rowsOf(open()), 'E_AUTH').catch((cause) => {
        throw new Error(what, { cause });
      });
    }
    raw = await write([node({ isDeleted: true }), node({ id: id(2), parent: id(1), isDeleted: true })]);
    expect(await rowsOf(open())).toHaveLength(2);
  });
});

describe('[F-CKPT-2] a device that has replayed to the same seq', () => {
  it('freezes on another state, and only on that', async () => {
    const own = await hashState(world.vault, world.replica.tree.rows());
    compareState(open(), world.replica.position, own);
    expectStop(() => compareState(open(), world.replica.position, new Uint8Array(32)), 'E_FORK');
    expectStop(() => compareState(open(), { ...world.replica.position, head: '00'.repeat(32) }, own), 'E_FORK');
    expectStop(() => compareState(open(), { ...world.replica.position, name: 'Other' }, own), 'E_FORK');
    compareState(open(), { ...world.replica.position, seq: 9 }, new Uint8Array(32));
  });
});
