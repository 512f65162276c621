import { concat, toHex } from '../../src/common/bytes.ts';
import {
  type AccountId,
  type DeviceId,
  idBytes,
  type NodeId,
  newId,
  type ObjectId,
  type RevisionId,
  rootNode,
  type VaultId,
} from '../../src/common/ids.ts';
import { sealBox } from '../../src/crypto/box.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { encodeCheckpointHeader, signCheckpoint } from '../../src/crypto/checkpoint-header.ts';
import { deriveKey } from '../../src/crypto/derive.ts';
import { type EntryHeader, encodeEntryHeader, signEntry } from '../../src/crypto/entry-header.ts';
import { hashIdList, sortedIds } from '../../src/crypto/id-list.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { type SigningKey, signingKey, signMessage } from '../../src/crypto/sign.ts';
import type { ChunkRef, Manifest } from '../../src/model/manifest.ts';
import type { Operation } from '../../src/model/operation.ts';
import { encodeCheckpointState } from '../../src/vault/checkpoint-state.ts';
import { encodeManifest, manifestFields } from '../../src/vault/manifest-codec.ts';
import { encodeOperations, paddedLength } from '../../src/vault/operation-codec.ts';
import { entryContext } from '../../src/vault/replay.ts';
import { rowFields } from '../../src/vault/state-row.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import type { VectorCase, VectorFile } from './case.ts';
import { bad, good } from './make-cbor.ts';
import { bytes, cut, flip, structureFaults, withField } from './mutate.ts';

const random = seededRandom('log vectors');
const vault = newId<VaultId>(random);
const account = newId<AccountId>(random);
const device = newId<DeviceId>(random);
const deviceKey = signingKey(random.bytes(32));
const stranger = signingKey(random.bytes(32));
const vaultKey = random.bytes(32);
const folder = newId<NodeId>(random);
const file = newId<NodeId>(random);
const timeUs = 1_700_000_000_000_000;

const ref = (plainLength: number): ChunkRef => ({
  objectId: newId<ObjectId>(random),
  secret: random.bytes(32),
  hash: random.bytes(32),
  plainLength,
});

const manifestOf = (size: number, content: Manifest['content'], mtimeUs = timeUs): Manifest => ({
  node: file,
  revision: newId<RevisionId>(random),
  size,
  mtimeUs,
  exec: false,
  content,
});

const mib = 1024 * 1024;
const small = manifestOf(mib + 5, { kind: 'chunks', chunks: [ref(mib), ref(5)] });
const empty = manifestOf(0, { kind: 'chunks', chunks: [] }, -1);
const paged = manifestOf(5000 * mib, { kind: 'pages', pages: [ref(370_000), ref(90_000)], chunkCount: 5000 });
const huge = manifestOf(2 ** 40, { kind: 'pages', pages: [ref(6000)], chunkCount: 262_144 });

function manifestCases(): VectorCase[] {
  const hex = toHex(encodeManifest(small));
  const refs = (decodeCbor(bytes(hex)) as readonly Cbor[])[8] as readonly (readonly Cbor[])[];
  const [first, second] = refs as [readonly Cbor[], readonly Cbor[]];
  const long = (n: number): readonly Cbor[] => [...first.slice(0, 3), n];
  const broken = (name: string, rule: string, manifest: string) => bad(name, rule, { manifest });
  const seventeen = Array.from({ length: 17 }, () => ref(1));
  const pages = toHex(encodeManifest(paged));
  return [
    good('manifest', 'two chunks', 'F-MAN-2', { manifest: hex }),
    good('manifest', 'empty file, before 1970', 'F-MAN-2', { manifest: toHex(encodeManifest(empty)) }),
    good('manifest', 'two pages', 'F-MAN-1', { manifest: pages }),
    good('manifest', 'pages of pages', 'F-MAN-1', { manifest: toHex(encodeManifest(huge)) }),
    broken('a chunk missing', 'F-MAN-2', withField(hex, 8, [first])),
    broken('a chunk twice', 'F-MAN-2', withField(hex, 8, [first, first, second])),
    broken('size one more', 'F-MAN-2', withField(hex, 4, small.size + 1)),
    broken('size of 2^53 - 1', 'F-MAN-2', withField(hex, 4, Number.MAX_SAFE_INTEGER)),
    broken('negative size', 'F-MAN-2', withField(hex, 4, -1)),
    broken('one chunk counted', 'F-MAN-1', withField(hex, 7, 1)),
    broken('three chunks counted', 'F-MAN-1', withField(hex, 7, 3)),
    broken('17 chunks listed', 'F-MAN-1', toHex(encodeManifest(manifestOf(17, { kind: 'chunks', chunks: seventeen })))),
    broken('a page too few', 'F-MAN-1', withField(pages, 7, 8193)),
    broken('a page too many', 'F-MAN-1', withField(pages, 7, 4096)),
    broken('2^53 - 1 chunks', 'F-MAN-1', withField(pages, 7, Number.MAX_SAFE_INTEGER)),
    broken('a chunk of nothing', 'F-MAN-2', withField(withField(hex, 8, [long(0), second]), 4, 5)),
    broken('a chunk over 4 MiB', 'F-MAN-2', withField(withField(hex, 8, [long(4 * mib + 1), second]), 4, 4 * mib + 6)),
    broken('a ref of five', 'F-CBOR-7', withField(hex, 8, [[...first, null], second])),
    broken('a ref of three', 'F-CBOR-7', withField(hex, 8, [first.slice(0, 3), second])),
    broken(
      'a short secret',
      'F-CBOR-7',
      withField(hex, 8, [[first[0], new Uint8Array(31), first[2], first[3]] as Cbor, second]),
    ),
    broken('exec as a number', 'F-CBOR-7', withField(hex, 6, 0)),
    ...structureFaults(hex).map((fault) => bad(fault.name, fault.rule, { manifest: fault.hex }, fault.expect)),
  ];
}

const operations: readonly Operation[] = [
  { type: 'vault', name: 'Home' },
  { type: 'epoch', epoch: 1, grantsHash: random.bytes(32) },
  { type: 'create-folder', node: folder, parent: rootNode, name: 'Fotos – Été' },
  { type: 'create-file', node: file, parent: folder, name: 'a.jpg', manifest: small },
  { type: 'place', node: file, parent: rootNode, name: 'b.jpg' },
  { type: 'revise', node: file, manifest: empty },
  { type: 'delete', node: folder },
  { type: 'restore', node: folder, parent: rootNode, name: 'Fotos' },
  { type: 'release', revisions: [small.revision] },
];

const pad = (plain: Uint8Array, length = paddedLength(plain.length)): string => {
  const padded = new Uint8Array(length);
  padded.set(concat(plain, Uint8Array.of(0x80)));
  return toHex(padded);
};

function operationCases(): VectorCase[] {
  const list = (items: readonly Cbor[]): string => pad(encodeCbor(['operations', 1, timeUs, items]));
  const id = idBytes(file);
  const parent = idBytes(folder);
  const broken = (name: string, items: readonly Cbor[], expect: VectorCase['expect'] = 'E_AUTH') =>
    bad(name, expect === 'version' ? 'F-OP-2' : 'F-OP-3', { padded: list(items) }, expect);
  const plain = encodeCbor(['operations', 1, timeUs, [[5, id]]]);
  const hex = toHex(plain);
  const ofLength = (length: number): string => {
    const rest = length - encodeCbor(['operations', 1, timeUs, [[8, 'a'.repeat(150)]]]).length;
    return pad(encodeCbor(['operations', 1, timeUs, [[8, 'a'.repeat(150 + rest)]]]));
  };
  const padding = (name: string, padded: string) => bad(name, 'F-OP-1', { padded });
  return [
    ...operations.map((operation) =>
      good('operations', operation.type, 'F-OP-3', { padded: toHex(encodeOperations(timeUs, [operation])) }),
    ),
    good('operations', 'all kinds', 'F-OP-3', { padded: toHex(encodeOperations(timeUs, operations)) }),
    ...[254, 255, 256].map((length) => good('operations', `${length} bytes`, 'F-OP-1', { padded: ofLength(length) })),
    good('operations', 'file whose manifest contradicts itself: void', 'F-OP-3', {
      padded: list([[2, id, parent, 'x', decodeCbor(bytes(withField(toHex(encodeManifest(small)), 4, 1)))]]),
    }),
    padding(
      'no 0x80',
      pad(plain).replace(/80(00)*$/, (tail) => '00'.repeat(tail.length / 2)),
    ),
    padding('another end than 0x80', pad(plain).replace(/80((00)*)$/, '81$1')),
    padding('256 zeros more', `${pad(plain)}${'00'.repeat(256)}`),
    padding('a zero less', cut(pad(plain), 1)),
    padding('not padded', `${hex}80`),
    padding('all zeros', '00'.repeat(256)),
    padding('empty', ''),
    bad('a byte before the padding', 'F-CBOR-6', { padded: pad(concat(plain, Uint8Array.of(0))) }),
    broken('no operation', []),
    broken(
      '4097 operations',
      Array.from({ length: 4097 }, () => [5, id]),
    ),
    broken('not an array', [5]),
    broken('empty operation', [[]]),
    broken('number 0', [[0, id]], 'version'),
    broken('number 10', [[10, id]], 'version'),
    broken('number 24', [[24]], 'version'),
    broken('number as text', [['5', id]]),
    broken('create-folder without name', [[1, id, parent]]),
    broken('create-folder with more', [[1, id, parent, 'x', null]]),
    broken('create-folder with bytes as name', [[1, id, parent, id]]),
    broken('create-file without manifest', [[2, id, parent, 'x']]),
    broken('create-file with null as manifest', [[2, id, parent, 'x', null]]),
    broken('create-file with a short node', [[2, id.slice(1), parent, 'x', manifestFields(small)]]),
    broken('place with null as parent', [[3, id, null, 'x']]),
    broken('revise with a name', [[4, id, 'x', manifestFields(small)]]),
    broken('delete of nothing', [[5]]),
    broken('delete of two', [[5, id, id]]),
    broken('restore without place', [[6, id]]),
    broken('release of none', [[7, []]]),
    broken('release of a short id', [[7, [id.slice(1)]]]),
    broken('release of 4097', [[7, Array.from({ length: 4097 }, () => id)]]),
    broken('vault with a number', [[8, 8]]),
    broken('epoch 0', [[9, 0, new Uint8Array(32)]]),
    broken('epoch with a short hash', [[9, 1, new Uint8Array(31)]]),
    bad(
      'a manifest of suite 2',
      'F-SUITE-1',
      { padded: list([[4, id, decodeCbor(bytes(withField(toHex(encodeManifest(small)), 1, 2)))]]) },
      'E_DOWNGRADE',
    ),
    ...structureFaults(hex)
      .filter((fault) => fault.rule === 'F-SUITE-1' || fault.name.startsWith('element'))
      .map((fault) => bad(fault.name, fault.rule, { padded: pad(bytes(fault.hex)) }, fault.expect)),
  ];
}

const retained = sortedIds([newId<ObjectId>(random), newId<ObjectId>(random)]);
const released = sortedIds([newId<ObjectId>(random)]);

function sealed(change: Partial<EntryHeader> = {}, by: SigningKey = deviceKey, key = vaultKey) {
  const place = { vault, epoch: 1, seq: 7, prevHash: sha256(Uint8Array.of(6)), device, ...change };
  const log = deriveKey(key, 'log', [idBytes(place.vault), place.epoch]);
  const ciphertext = sealBox('entry', log, entryContext(place), encodeOperations(timeUs, operations), random);
  const header = encodeEntryHeader({
    ...place,
    deviceSeq: 3,
    accountHead: sha256(Uint8Array.of(1)),
    ciphertextHash: sha256(ciphertext),
    retainedHash: hashIdList(retained),
    releasedHash: hashIdList(released),
    account,
    ...change,
  });
  return { header, ciphertext, signature: signEntry(header, by) };
}

type Sealed = ReturnType<typeof sealed>;

const entryInput = (entry: Sealed, change: VectorCase['input'] = {}): VectorCase['input'] => ({
  vaultKey: toHex(vaultKey),
  header: toHex(entry.header),
  signature: toHex(entry.signature),
  deviceKey: toHex(deviceKey.publicKey),
  ciphertext: toHex(entry.ciphertext),
  retained,
  released,
  ...change,
});

function entryCases(): VectorCase[] {
  const entry = sealed();
  const hex = toHex(entry.header);
  const header = (changed: string, by: SigningKey = deviceKey): VectorCase['input'] => ({
    header: changed,
    signature: toHex(signEntry(bytes(changed), by)),
    deviceKey: toHex(deviceKey.publicKey),
  });
  /** The header changed and signed again: by a device, but not the one that sealed. */
  const moved = (at: number, value: Cbor): VectorCase['input'] => {
    const changed = withField(hex, at, value);
    return entryInput({ ...entry, header: bytes(changed), signature: signEntry(bytes(changed), deviceKey) });
  };
  const other = sealed({ seq: 8 });
  return [
    good('entry', 'all operations', 'F-REPLAY-6', entryInput(entry)),
    bad('signed by another', 'F-REPLAY-2', entryInput(sealed({}, stranger))),
    bad('a bit of the signature', 'F-REPLAY-2', entryInput(entry, { signature: flip(toHex(entry.signature), 5) })),
    bad('a bit of the ciphertext', 'F-REPLAY-6', entryInput(entry, { ciphertext: flip(toHex(entry.ciphertext), 90) })),
    bad('ciphertext of another entry', 'F-REPLAY-6', entryInput(entry, { ciphertext: toHex(other.ciphertext) })),
    bad('empty ciphertext', 'F-REPLAY-6', entryInput(entry, { ciphertext: '' })),
    bad('a retained id missing', 'F-REPLAY-6', entryInput(entry, { retained: retained.slice(1) })),
    bad('retained not sorted', 'F-ENTRY-1', entryInput(entry, { retained: retained.toReversed() })),
    bad('retained twice', 'F-ENTRY-1', entryInput(entry, { retained: [retained[0] as string, ...retained] })),
    bad('released dropped', 'F-REPLAY-6', entryInput(entry, { released: [] })),
    bad('lists exchanged', 'F-REPLAY-6', entryInput(entry, { retained: released, released: retained })),
    bad('moved to another vault', 'F-BOX-3', moved(2, random.bytes(16))),
    bad('moved to another epoch', 'F-BOX-3', moved(3, 2)),
    bad('moved to another seq', 'F-BOX-3', moved(4, 8)),
    bad('moved behind another entry', 'F-BOX-3', moved(5, new Uint8Array(32))),
    bad('given to another device', 'F-BOX-3', moved(6, random.bytes(16))),
    bad('under another vault key', 'F-EPOCH-1', entryInput(sealed({}, deviceKey, random.bytes(32)))),
    ...(['header', 'signature'] as const).map((part) =>
      bad(`${part} of another entry`, 'F-REPLAY-2', entryInput({ ...entry, [part]: other[part] })),
    ),
    ...headerOnly(),
  ];

  function headerOnly(): VectorCase[] {
    return structureFaults(hex)
      .filter((fault) => fault.rule === 'F-SUITE-1')
      .map((fault) => bad(fault.name, fault.rule, { ...entryInput(entry), ...header(fault.hex) }, fault.expect));
  }
}

function headerCases(): VectorCase[] {
  const entry = sealed();
  const hex = toHex(entry.header);
  const input = (changed: string, by: SigningKey = deviceKey): VectorCase['input'] => ({
    header: changed,
    signature: toHex(signEntry(bytes(changed), by)),
    deviceKey: toHex(deviceKey.publicKey),
  });
  const checkpoint = { ...input(hex), signature: toHex(signMessage('checkpoint', entry.header, deviceKey)) };
  return [
    good('entry-header', 'seq 7', 'F-ENTRY-1', input(hex)),
    bad('signed by another', 'F-REPLAY-2', input(hex, stranger)),
    bad('signed as a checkpoint', 'F-SUITE-2', checkpoint),
    bad('changed after signing', 'F-REPLAY-2', { ...input(hex), header: withField(hex, 4, 8) }),
    bad('seq 0', 'F-ENTRY-1', input(withField(hex, 4, 0))),
    bad('epoch 0', 'F-ENTRY-1', input(withField(hex, 3, 0))),
    bad('device seq 0', 'F-ENTRY-1', input(withField(hex, 7, 0))),
    bad('negative seq', 'F-ENTRY-1', input(withField(hex, 4, -7))),
    bad('over 512 bytes', 'F-CBOR-5', input(withField(hex, 12, new Uint8Array(512))), 'E_LIMIT'),
    ...structureFaults(hex).map((fault) => bad(fault.name, fault.rule, input(fault.hex), fault.expect)),
  ];
}

function checkpointCases(): VectorFile[] {
  const pages = [ref(1000), ref(2000)];
  const body = encodeCheckpointHeader({
    vault,
    epoch: 1,
    seq: 7,
    head: random.bytes(32),
    device,
    account,
    accountHead: random.bytes(32),
    boxHash: random.bytes(32),
    objectsHash: hashIdList(sortedIds(pages.map((page) => page.objectId))),
  });
  const hex = toHex(body);
  const input = (changed: string, by: SigningKey = deviceKey): VectorCase['input'] => ({
    body: changed,
    signature: toHex(signCheckpoint(bytes(changed), by)),
    deviceKey: toHex(deviceKey.publicKey),
  });
  const state = toHex(
    encodeCheckpointState({
      name: 'Home',
      deviceSeqs: { [device]: 7 },
      accounts: [{ account, position: 4, head: toHex(random.bytes(32)) }],
      epochs: [{ epoch: 1, seq: 1, accountPosition: 3, grantsHash: toHex(random.bytes(32)) }],
      stateHash: random.bytes(32),
      pages,
    }),
  );
  const twice: Cbor = [
    [idBytes(device), 7],
    [idBytes(device), 8],
  ];
  const second: Cbor = [[2, 1, 3, new Uint8Array(32)]];
  return [
    {
      format: 'checkpoint-header',
      about: 'FORMAT.md 12: the body.',
      cases: [
        good('checkpoint-header', 'seq 7', 'F-CKPT-1', input(hex)),
        bad('signed by another', 'F-CKPT-1', input(hex, stranger)),
        bad('signed as an entry', 'F-SUITE-2', { ...input(hex), signature: toHex(signEntry(body, deviceKey)) }),
        bad('changed after signing', 'F-CKPT-1', { ...input(hex), body: withField(hex, 4, 8) }),
        bad('seq 0', 'F-CKPT-1', input(withField(hex, 4, 0))),
        bad('over 1 KiB', 'F-CBOR-5', input(withField(hex, 10, new Uint8Array(1024))), 'E_LIMIT'),
        ...structureFaults(hex).map((fault) => bad(fault.name, fault.rule, input(fault.hex), fault.expect)),
      ],
    },
    {
      format: 'checkpoint-state',
      about: 'FORMAT.md 12: what the box holds.',
      cases: [
        good('checkpoint-state', 'two pages', 'F-CKPT-1', { state }),
        ...[3, 4, 5].map((at) => {
          const [item] = (decodeCbor(bytes(state)) as readonly Cbor[])[at] as readonly (readonly Cbor[])[];
          const longer = withField(state, at, [[...(item ?? []), null]]);
          return bad(`an item of element ${at} with an element more`, 'F-CBOR-7', { state: longer });
        }),
        bad('a device twice', 'F-CKPT-1', { state: withField(state, 3, twice) }),
        bad('epochs begin at 2', 'F-CKPT-1', { state: withField(state, 5, second) }),
        bad('a name that climbs', 'F-CKPT-1', { state: withField(state, 2, '..') }),
        good('checkpoint-state', 'no name yet', 'F-CKPT-1', { state: withField(state, 2, '') }),
        bad('a page of nothing', 'F-CKPT-1', { state: withField(state, 7, [pageRef(0)]) }),
        bad('a page over 4 MiB', 'F-CKPT-1', { state: withField(state, 7, [pageRef(4 * mib + 1)]) }),
        ...structureFaults(state).map((fault) => bad(fault.name, fault.rule, { state: fault.hex }, fault.expect)),
      ],
    },
  ];

  function pageRef(length: number): Cbor {
    return [random.bytes(16), random.bytes(32), random.bytes(32), length];
  }
}

function rowCases(): VectorCase[] {
  const stamp = { seq: 7, timeUs, deviceId: device };
  const place = { id: file, parent: rootNode, name: 'a.jpg', isDeleted: false, ...stamp };
  const row = toHex(
    encodeCbor(rowFields({ type: 'node', node: { ...place, kind: 'file', revision: small.revision } })),
  );
  const folderRow = rowFields({ type: 'node', node: { ...place, id: folder, kind: 'folder', revision: null } });
  const kept = rowFields({
    type: 'revision',
    revision: { node: file, revision: small.revision, manifest: small, ...stamp },
  });
  const keptHex = toHex(encodeCbor(kept));
  const broken = (name: string, changed: string) => bad(name, 'F-CKPT-1', { row: changed });
  return [
    good('state-row', 'a file', 'F-CKPT-1', { row }),
    good('state-row', 'a folder', 'F-CKPT-1', { row: toHex(encodeCbor(folderRow)) }),
    good('state-row', 'a revision', 'F-CKPT-1', { row: keptHex }),
    ...[row, keptHex].map((one, at) =>
      broken(
        `a row of kind ${at} with an element more`,
        toHex(encodeCbor([...(decodeCbor(bytes(one)) as readonly Cbor[]), null])),
      ),
    ),
    broken('of an unknown kind', withField(row, 0, 2)),
    broken('a node of an unknown kind', withField(row, 2, 2)),
    broken('deleted as a number', withField(row, 5, 0)),
    broken('seq 0', withField(row, 6, 0)),
    broken('a short parent', withField(row, 3, new Uint8Array(15))),
    broken('a revision without manifest', withField(keptHex, 6, null)),
    broken(
      'a revision whose manifest contradicts itself',
      withField(keptHex, 6, manifestFields({ ...small, size: 1 })),
    ),
  ];
}

function idListCases(): VectorCase[] {
  const [first, second] = retained as [ObjectId, ObjectId];
  return [
    good('id-list', 'none', 'F-ENTRY-1', { ids: [] }),
    good('id-list', 'one', 'F-ENTRY-1', { ids: [first] }),
    good('id-list', 'two', 'F-ENTRY-1', { ids: [first, second] }),
    bad('not sorted', 'F-ENTRY-1', { ids: [second, first] }),
    bad('one twice', 'F-ENTRY-1', { ids: [first, first] }),
  ];
}

export function logVectors(): VectorFile[] {
  return [
    { format: 'manifest', about: 'FORMAT.md 6.', cases: manifestCases() },
    { format: 'operations', about: 'FORMAT.md 8.3, padded.', cases: operationCases() },
    { format: 'entry-header', about: 'FORMAT.md 8.1: header and signature.', cases: headerCases() },
    { format: 'entry', about: 'FORMAT.md 8.1 and 10: the output is the padded operations.', cases: entryCases() },
    { format: 'id-list', about: 'FORMAT.md 8.1: hashes of lists.', cases: idListCases() },
    ...checkpointCases(),
    { format: 'state-row', about: 'FORMAT.md 12: one row.', cases: rowCases() },
  ];
}
