import { toHex } from '../../src/common/bytes.ts';
import { idBytes, type NodeId, newId, type RevisionId } from '../../src/common/ids.ts';
import { type Cbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { type SealedChunk, sealChunk } from '../../src/crypto/chunk.ts';
import type { ChunkRef, Manifest } from '../../src/model/manifest.ts';
import { encodeManifest } from '../../src/vault/manifest-codec.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import { testRef } from '../fakes/vault-world.ts';
import type { Json, VectorCase, VectorFile } from './case.ts';
import { bad } from './make-cbor.ts';
import { flip } from './mutate.ts';

const random = seededRandom('contents');
const node = newId<NodeId>(random);
const revision = newId<RevisionId>(random);
const refs: readonly ChunkRef[] = Array.from({ length: 17 }, (_, at) => testRef(random, 100 + at));
const size = refs.reduce((sum, ref) => sum + ref.plainLength, 0);

const refFields = ({ objectId, secret, hash, plainLength }: ChunkRef): Cbor => [
  idBytes(objectId),
  secret,
  hash,
  plainLength,
];

interface Page {
  readonly name?: string;
  readonly suite?: number;
  readonly node?: NodeId;
  readonly revision?: RevisionId;
  readonly level?: number;
  readonly index?: number;
  readonly refs?: readonly ChunkRef[];
  readonly extra?: readonly Cbor[];
}

/** A page as the manifest asks for it, but for what is changed. */
function page(change: Page = {}, type: 'manifest-page' | 'chunk' = 'manifest-page'): SealedChunk {
  const fields: Cbor = [
    change.name ?? 'manifest-page',
    change.suite ?? 1,
    idBytes(change.node ?? node),
    idBytes(change.revision ?? revision),
    change.level ?? 1,
    change.index ?? 0,
    (change.refs ?? refs).map(refFields),
    ...(change.extra ?? []),
  ];
  return sealChunk(encodeCbor(fields), random, type);
}

const input = (pages: readonly SealedChunk[], change: Partial<Manifest> = {}, chunkCount = 17): VectorCase['input'] => {
  const manifest: Manifest = {
    node,
    revision,
    size,
    mtimeUs: 0,
    exec: false,
    content: { kind: 'pages', chunkCount, pages: pages.map(({ sealed: _, ...ref }) => ref) },
    ...change,
  };
  return { manifest: toHex(encodeManifest(manifest)), objects: objectsOf(pages) };
};

const objectsOf = (objects: readonly SealedChunk[]): Json =>
  objects.map(({ objectId, sealed }) => [objectId, toHex(sealed)]);

/** Manifests of more than 16 chunks. The chunks themselves are not there: none of them is asked for. */
function pageCases(): VectorCase[] {
  const one = (change: Page, type?: 'chunk'): VectorCase['input'] => input([page(change, type)]);
  const [first] = refs as [ChunkRef];
  const honest = page();
  const over = { ...first, plainLength: 4_194_305 };
  const none = { ...first, plainLength: 0 };
  const sum = (list: readonly ChunkRef[]): number => list.reduce((total, ref) => total + ref.plainLength, 0);
  const withRefs = (list: readonly ChunkRef[]) => input([page({ refs: list })], { size: sum(list) });
  const other = { ...honest, sealed: Uint8Array.from(Buffer.from(flip(toHex(honest.sealed), 99), 'hex')) };
  const upper = (change: Page) => input([page({ level: 2, ...change })], { size: 65_537 }, 65_537);
  return [
    {
      name: 'seventeen chunks on a page',
      rule: 'F-MAN-1',
      input: input([honest]),
      expect: 'ok',
      output: { chunks: refs.map((ref) => [ref.objectId, ref.plainLength]), pages: [honest.objectId] },
    },
    bad('a page of another file', 'F-MAN-3', one({ node: newId(random) })),
    bad('a page of another revision', 'F-MAN-3', one({ revision: newId(random) })),
    bad('a page of level 2 as one of level 1', 'F-MAN-3', one({ level: 2 })),
    bad('a page of another index', 'F-MAN-3', one({ index: 1 })),
    bad('a page of a negative index', 'F-MAN-3', one({ index: -1 })),
    bad('a page of another name', 'F-CBOR-7', one({ name: 'manifest' })),
    bad('a page of suite 2', 'F-SUITE-1', one({ suite: 2 }), 'E_DOWNGRADE'),
    bad('a page with an element more', 'F-CBOR-7', one({ extra: [null] })),
    bad('a page sealed as a chunk', 'F-CHUNK-5', one({}, 'chunk')),
    bad('a page that is not the pinned one', 'F-CHUNK-1', {
      ...input([honest]),
      objects: objectsOf([other]),
    }),
    bad('a page without its last ref', 'F-MAN-1', withRefs(refs.slice(1))),
    bad('a page with a ref more', 'F-MAN-1', withRefs([...refs, first])),
    bad('refs that do not add up to the size', 'F-MAN-2', input([honest], { size: size + 1 })),
    bad('a chunk of nothing on a page', 'F-MAN-2', withRefs([none, ...refs.slice(1)])),
    bad('a chunk over 4 MiB on a page', 'F-MAN-2', withRefs([over, ...refs.slice(1)])),
    bad('two pages exchanged', 'F-MAN-3', input([page({ index: 1 }), page({ index: 0 })], {}, 4097)),
    bad('a page of level 1 as one of level 2', 'F-MAN-3', upper({ level: 1 })),
    bad('a page of level 2 with a ref less', 'F-MAN-1', upper({ refs: refs.slice(1) })),
    bad('a page of level 2 of another file', 'F-MAN-3', upper({ node: newId(random) })),
  ];
}

/** Small files, chunks and all. */
function fileCases(): VectorCase[] {
  const piece = (text: string) => sealChunk(new TextEncoder().encode(text), random);
  const [hello, world] = [piece('hello, '), piece('world')];
  const all = [hello, world];
  const of = (pieces: readonly SealedChunk[], given: readonly SealedChunk[], change: Partial<Manifest> = {}) => {
    const manifest: Manifest = {
      node,
      revision,
      size: pieces.reduce((sum, { plainLength }) => sum + plainLength, 0),
      mtimeUs: 0,
      exec: false,
      content: { kind: 'chunks', chunks: pieces.map(({ sealed: _, ...ref }) => ref) },
      ...change,
    };
    return { manifest: toHex(encodeManifest(manifest)), objects: objectsOf(given) };
  };
  const zeros = { ...world, sealed: new Uint8Array(world.sealed.length) };
  const cut = { ...world, sealed: world.sealed.subarray(0, -1) };
  const longer = { ...world, sealed: Uint8Array.of(...world.sealed, 0) };
  const swapped = { ...world, sealed: hello.sealed };
  const page = sealChunk(new TextEncoder().encode('world'), random, 'manifest-page');
  const ok = (name: string, pieces: readonly SealedChunk[], content: string): VectorCase => ({
    name,
    rule: 'F-MAN-4',
    input: of(pieces, [...new Set(pieces)]),
    expect: 'ok',
    output: { content: Buffer.from(content).toString('hex') },
  });
  return [
    ok('two chunks', all, 'hello, world'),
    ok('one chunk twice', [hello, hello], 'hello, hello, '),
    ok('an empty file', [], ''),
    bad('a chunk of zeros', 'F-CHUNK-1', of(all, [hello, zeros])),
    bad('a chunk cut by a byte', 'F-CHUNK-1', of(all, [hello, cut])),
    bad('a chunk with a byte more', 'F-CHUNK-1', of(all, [hello, longer])),
    bad('a chunk in place of another', 'F-CHUNK-1', of(all, [hello, swapped])),
    bad('a page in place of a chunk', 'F-CHUNK-5', of([hello, page], [hello, page])),
    bad('a chunk that is not there', 'F-FREEZE-2', of(all, [hello]), 'missing'),
    bad('size one more', 'F-MAN-2', of(all, all, { size: 13 })),
  ];
}

export function contentVectors(): VectorFile[] {
  return [
    {
      format: 'manifest-pages',
      about:
        'FORMAT.md 6: a manifest and its sealed pages. The output: chunks as [id, length], and the ids of all pages.',
      cases: pageCases(),
    },
    {
      format: 'file',
      about: 'FORMAT.md 5 and 6: a manifest and its sealed chunks. Refused is the whole: not a byte of it is released.',
      cases: fileCases(),
    },
  ];
}
