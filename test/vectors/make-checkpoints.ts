import { fromHex, toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import { idBytes, type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../src/common/ids.ts';
import { sealBox } from '../../src/crypto/box.ts';
import { type Cbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { type CheckpointHeader, encodeCheckpointHeader, signCheckpoint } from '../../src/crypto/checkpoint-header.ts';
import { type SealedChunk, sealChunk } from '../../src/crypto/chunk.ts';
import { hashIdList, sortedIds } from '../../src/crypto/id-list.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { type CheckpointState, encodeCheckpointState } from '../../src/vault/checkpoint-state.ts';
import { epochKeysOf } from '../../src/vault/key-ring.ts';
import { rowFields, type StateRow } from '../../src/vault/state-row.ts';
import type { VaultNode } from '../../src/vault/vault-tree.ts';
import { authorOf, testManifest } from '../fakes/vault-world.ts';
import type { Json, VectorCase, VectorFile } from './case.ts';
import { folder, type History, newHistory } from './history.ts';
import { flip } from './mutate.ts';

interface Forgery {
  readonly header?: Partial<CheckpointHeader>;
  readonly state?: Partial<CheckpointState>;
  readonly by?: number;
  /** Instead of one page of the right rows. */
  readonly pages?: readonly SealedChunk[];
  readonly rows?: readonly StateRow[];
  readonly page?: (fields: readonly Cbor[]) => Cbor;
  readonly listed?: readonly ObjectId[];
}

const history = started();

function started(): History {
  const made = newHistory('checkpoint');
  const docs = folder(made, 'docs');
  const file = newId<NodeId>(made.random);
  made.push([
    docs,
    { type: 'create-file', node: file, parent: docs.node, name: 'file', manifest: testManifest(made.random, file) },
  ]);
  made.push([{ type: 'vault', name: 'Renamed' }], 1);
  return made;
}

/** A checkpoint as an honest device writes it, but for the forgery: signed and sealed, whatever it says. */
function input(forgery: Forgery = {}): Record<string, Json> {
  const { world, random } = history;
  const { position, keyRing, tree } = world.replica;
  const { rows = tree.rows(), page = (fields) => fields } = forgery;
  const fields = ['state-page', 1, idBytes(world.vault), 0, rows.map(rowFields)];
  const plain = encodeCbor(page(fields));
  const pages = forgery.pages ?? (rows.length === 0 ? [] : [sealChunk(plain, random, 'state-page')]);
  const state = encodeCheckpointState({
    ...position,
    stateHash: sha256(...(pages.length === 0 ? [] : [sha256(plain)])),
    pages: pages.map(({ sealed: _, ...ref }) => ref),
    ...forgery.state,
  });
  const author = authorOf(world.account, forgery.by ?? 0);
  const place = {
    vault: world.vault,
    epoch: position.epochs.length,
    seq: position.seq,
    head: must(fromHex(position.head)),
  };
  const at = { ...place, ...forgery.header };
  const key = epochKeysOf(keyRing, place.epoch).checkpoint;
  const box = sealBox('checkpoint', key, [idBytes(at.vault), at.epoch, at.seq, at.head], state, random);
  const listed = forgery.listed ?? sortedIds(pages.map(({ objectId }) => objectId));
  const body = encodeCheckpointHeader({
    ...at,
    device: author.device,
    account: author.account,
    accountHead: author.chain.head,
    boxHash: sha256(box),
    objectsHash: hashIdList(listed),
    ...forgery.header,
  });
  const { entries: _, ...rest } = history.input();
  return {
    ...rest,
    grants: world.log.flatMap(({ grants }) => (grants === null ? [] : [toHex(grants)])),
    body: toHex(body),
    signature: toHex(signCheckpoint(body, author.signing)),
    box: toHex(box),
    pages: listed,
    objects: pages.map(({ objectId, sealed }) => [objectId, toHex(sealed)]),
  };
}

const refused = (
  name: string,
  given: VectorCase['input'],
  expect: VectorCase['expect'] = 'E_AUTH',
  rule = 'F-CKPT-1',
): VectorCase => ({ name, rule, input: given, expect });

function cases(): VectorCase[] {
  const { world, random } = history;
  const { position } = world.replica;
  const [epoch] = position.epochs;
  const [account] = position.accounts;
  const honest = input();
  const heads = [...history.chain().positions.keys()].map((hash) => must(fromHex(hash)));
  const other = newId<never>(random);
  const state = (name: string, change: Partial<CheckpointState>): VectorCase => refused(name, input({ state: change }));
  const one = must(epoch);
  const seen = must(account);
  return [
    {
      name: 'two devices, three entries',
      rule: 'F-CKPT-1',
      input: honest,
      expect: 'ok',
      output: told(world.replica.tree.rows()),
    },
    { name: 'an empty state', rule: 'F-CKPT-1', input: input({ rows: [] }), expect: 'ok', output: told([]) },
    refused('of another vault', input({ header: { vault: other } })),
    refused('of another account', input({ header: { account: other } }), 'E_MEMBER'),
    refused('by a device that is not in the chain', input({ header: { device: other } }), 'E_MEMBER'),
    refused(
      'under an account head that is not in the chain',
      input({ header: { accountHead: new Uint8Array(32) } }),
      'E_MEMBER',
    ),
    refused('by a device before it was added', input({ header: { accountHead: must(heads[0]) } }), 'E_MEMBER'),
    refused('a bit of the signature', { ...honest, signature: flip(honest['signature'] as string, 9) }),
    refused('a box that is not the signed one', { ...honest, box: input()['box'] as Json }),
    refused('a list that is not the signed one', { ...honest, pages: [] }),
    refused(
      'a list that is not the signed one, though it is the one in the box',
      input({ header: { objectsHash: new Uint8Array(32) } }),
    ),
    refused(
      'of a vault that is not in the chain',
      {
        ...input({ header: { accountHead: must(heads[2]) } }),
        events: (honest['events'] as readonly Json[]).slice(0, -1),
      },
      'E_MEMBER',
      'F-CHAIN-5',
    ),
    refused('a box of another seq', { ...input({ header: { seq: position.seq + 1 } }) }),
    refused(
      'epochs that are not as many as its epoch',
      input({ state: { epochs: [one, { ...one, epoch: 2, seq: 2 }] } }),
    ),
    state('no epochs', { epochs: [] }),
    state('an epoch that began with entry 2', { epochs: [{ ...one, seq: 2 }] }),
    state('an epoch from after the account position', { epochs: [{ ...one, accountPosition: 99 }] }),
    state('counts of devices that do not add up', { deviceSeqs: {} }),
    state('a count of a device that is not in the chain', { deviceSeqs: { [other]: position.seq } }),
    state('no account', { accounts: [] }),
    state('an account more', {
      accounts: [seen, { ...seen, account: other as never }].sort((a, b) => (a.account < b.account ? -1 : 1)),
    }),
    state('another account', { accounts: [{ ...seen, account: other as never }] }),
    state('a position that is not that of its head', { accounts: [{ ...seen, position: 1 }] }),
    refused('an account position that its author cannot know', input({ header: { accountHead: must(heads[1]) } })),
    refused(
      'grants that are not pinned',
      input({ state: { epochs: [{ ...one, grantsHash: '00'.repeat(32) }] } }),
      'E_MEMBER',
      'F-EPOCH-1',
    ),
    refused('grants that are not there', { ...honest, grants: [] }, 'missing', 'F-FREEZE-2'),
    refused('a page that is not there', { ...honest, objects: [] }, 'missing', 'F-FREEZE-2'),
    refused('a page that is listed twice', input({ listed: [newId<ObjectId>(random)] })),
    state('another hash of the state', { stateHash: new Uint8Array(32) }),
    ...pageCases(),
    ...rowCases(),
  ];
}

const told = (rows: readonly StateRow[]): Json => toHex(sha256(...rows.map((row) => encodeCbor(rowFields(row)))));

function pageCases(): VectorCase[] {
  const at =
    (index: number, value: Cbor) =>
    (fields: readonly Cbor[]): Cbor =>
      fields.with(index, value);
  const changed = (name: string, page: Forgery['page'], expect?: VectorCase['expect']): VectorCase =>
    refused(name, input(page === undefined ? {} : { page }), expect);
  return [
    changed('a page of another vault', at(2, new Uint8Array(16))),
    changed('a page of another index', at(3, 1)),
    changed('a page of another name', at(0, 'manifest-page')),
    changed('a page of suite 2', at(1, 2), 'E_DOWNGRADE'),
    changed('a page with an element more', (fields) => [...fields, null]),
    changed('rows turned round', (fields) => fields.with(4, (fields[4] as Cbor[]).toReversed())),
    changed('the last row twice', (fields) =>
      fields.with(4, [...(fields[4] as Cbor[]), (fields[4] as Cbor[]).at(-1) as Cbor]),
    ),
    changed('a row of an unknown kind', at(4, [[2, new Uint8Array(16)]])),
  ];
}

function rowCases(): VectorCase[] {
  const { random, world } = history;
  const id = (at: number) => at.toString(16).padStart(32, '0') as NodeId;
  const deviceId = authorOf(world.account).device;
  const base: VaultNode = {
    id: id(1),
    kind: 'folder',
    parent: rootNode,
    name: 'a',
    isDeleted: false,
    revision: null,
    seq: 1,
    timeUs: 0,
    deviceId,
  };
  const node = (change: Partial<VaultNode> = {}): StateRow => ({ type: 'node', node: { ...base, ...change } });
  const manifest = testManifest(random, id(1));
  const { revision } = manifest;
  const kept = (change: object = {}): StateRow => ({
    type: 'revision',
    revision: { node: id(1), revision, seq: 1, timeUs: 0, deviceId, manifest, ...change },
  });
  const isFile = { kind: 'file', revision } as const;
  const bad = (name: string, ...rows: StateRow[]): VectorCase => refused(name, input({ rows }));
  const second = (change: Partial<VaultNode> = {}): StateRow => node({ id: id(2), name: 'b', ...change });
  return [
    {
      name: 'deleted below deleted, an old revision, equal names of which one is deleted',
      rule: 'F-CKPT-1',
      input: input({ rows: [node({ isDeleted: true }), second({ parent: id(1), isDeleted: true, name: 'a' })] }),
      expect: 'ok',
      output: told([node({ isDeleted: true }), second({ parent: id(1), isDeleted: true, name: 'a' })]),
    },
    bad('a node without a parent', node({ parent: id(9) })),
    bad('a file as parent', node(isFile), kept(), second({ parent: id(1) })),
    bad('a live node in a deleted folder', node({ isDeleted: true }), second({ parent: id(1) })),
    bad('a cycle', node({ parent: id(2) }), second({ parent: id(1) })),
    bad(
      'a cycle of deleted nodes',
      node({ parent: id(2), isDeleted: true }),
      second({ parent: id(1), isDeleted: true }),
    ),
    bad('a node in itself', node({ parent: id(1) })),
    bad('two siblings of one name', node({ name: '\u00e9' }), second({ name: 'e\u0301' })),
    bad('a name that climbs', node({ name: '..' })),
    bad('the root', node({ id: rootNode })),
    bad('a node from after it', node({ seq: 99 })),
    bad('a folder with a content', node({ revision }), kept()),
    bad('a live file without a content', node({ kind: 'file' })),
    bad('a current revision that is not kept', node(isFile)),
    bad('a current revision that is not kept, before others', node(isFile), second()),
    bad('a revision without its node', kept()),
    bad('a revision of another node', node(isFile), kept({ node: id(2) })),
    bad('a manifest of another revision', node(isFile), kept({ manifest: testManifest(random, id(1)) })),
    bad('a manifest of another node', node(isFile), kept({ manifest: testManifest(random, id(2), 1, revision) })),
    bad(
      'one revision at two files',
      node(isFile),
      kept(),
      second(isFile),
      kept({ node: id(2), manifest: { ...manifest, node: id(2) } }),
    ),
    bad('a revision from after it', node(isFile), kept({ seq: 99 })),
    bad('revisions out of order', node(isFile), kept({ seq: 2 }), kept({ seq: 1, ...other(newId(random)) })),
  ];

  function other(id2: RevisionId): object {
    return { revision: id2, manifest: { ...manifest, revision: id2 } };
  }
}

export function checkpointVectors(): VectorFile[] {
  return [
    {
      format: 'checkpoint',
      about: 'FORMAT.md 12: chain, grants, checkpoint and pages. The output is SHA-256 of the encoded rows, joined.',
      cases: [...cases(), ...revokedCases()],
    },
  ];
}

/** The last ones: the account goes on. The author signs under the head at which it was live, as it could at any time. */
function revokedCases(): VectorCase[] {
  const { account } = history.world;
  const accountHead = history.chain().head;
  history.revoke(must(account.devices[1]));
  const { events } = history.input();
  const given = (by: number): Record<string, Json> => ({
    ...input({ by, header: { accountHead } }),
    events: events as Json,
  });
  return [
    refused('by a device that was removed since', given(1), 'missing', 'F-CKPT-4'),
    {
      name: 'by another one than was removed since',
      rule: 'F-CKPT-4',
      input: given(0),
      expect: 'ok',
      output: told(history.world.replica.tree.rows()),
    },
  ];
}
