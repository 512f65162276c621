import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { must } from '../../../src/common/errors.ts';
import { idBytes, type NodeId, newId, type ObjectId, type RevisionId } from '../../../src/common/ids.ts';
import { encodeCbor } from '../../../src/crypto/cbor.ts';
import { openChunk, type SealedChunk, sealChunk } from '../../../src/crypto/chunk.ts';
import type { ChunkRef, Manifest } from '../../../src/model/manifest.ts';
import { decodeManifest, encodeManifest, pageCount } from '../../../src/vault/manifest-codec.ts';
import { packManifest, readPages, type WholeManifest } from '../../../src/vault/manifest-pages.ts';
import { objectsOf, retainedOf } from '../../../src/vault/object-lists.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { testRef } from '../../fakes/vault-world.ts';
import { noise } from '../../helpers/delta-world.ts';
import { expectStop, expectStopAsync } from '../../helpers/security.ts';

const random = seededRandom('pages');

const most = 65_537;
const refs: readonly ChunkRef[] = Array.from({ length: most }, (_, i) => {
  const bytes = noise(80, i + 1);
  return {
    objectId: toHex(bytes.subarray(0, 16)) as ObjectId,
    secret: bytes.subarray(16, 48),
    hash: bytes.subarray(48),
    plainLength: 1 + (i % 100),
  };
});

const wholeOf = (count: number): WholeManifest => ({
  node: newId<NodeId>(random),
  revision: newId<RevisionId>(random),
  mtimeUs: -1,
  exec: true,
  chunks: refs.slice(0, count),
});

/** To compare very many of. */
const asText = ({ objectId, secret, hash, plainLength }: ChunkRef): string =>
  [objectId, toHex(secret), toHex(hash), plainLength].join(' ');

/** Opens from what was packed, as the engine does from the server. */
const opener = (pages: readonly SealedChunk[]) => {
  const byId = new Map<ObjectId, SealedChunk>(pages.map((page) => [page.objectId, page]));
  return async (ref: ChunkRef) => openChunk(ref, must(byId.get(ref.objectId)).sealed, 'manifest-page');
};

/** A page of any content, sealed by a member who does as they like. */
const forgedPage = (
  { node, revision }: Manifest,
  level: number,
  index: number,
  refs: readonly ChunkRef[],
  suite = 1,
): SealedChunk =>
  sealChunk(
    encodeCbor([
      'manifest-page',
      suite,
      idBytes(node),
      idBytes(revision),
      level,
      index,
      refs.map((ref) => [idBytes(ref.objectId), ref.secret, ref.hash, ref.plainLength]),
    ]),
    random,
    'manifest-page',
  );

const withPages = (manifest: Manifest, pages: readonly SealedChunk[], chunkCount: number): Manifest => ({
  ...manifest,
  content: {
    kind: 'pages',
    chunkCount,
    pages: pages.map(({ objectId, secret, hash, plainLength }) => ({ objectId, secret, hash, plainLength })),
  },
});

describe('manifests', () => {
  it.each([0, 1, 16, 17, 4096, 4097, most - 1, most])('of %i chunks come back whole', async (count) => {
    const whole = wholeOf(count);
    const { manifest, pages } = packManifest(whole, random);
    const read = await readPages(decodeManifest(encodeManifest(manifest)), opener(pages));
    expect(read.chunks.length).toBe(count);
    expect(read.chunks.map(asText)).toEqual(whole.chunks.map(asText));
    expect(objectsOf(read).sort()).toEqual([...whole.chunks, ...pages].map((ref) => ref.objectId).sort());
    const { content } = manifest;
    expect(content.kind === 'chunks' ? content.chunks.length : content.pages.length).toBe(
      count <= 16 ? count : pageCount(count),
    );
  });

  it('[F-MAN-1] a page with too few or too many refs is refused', async () => {
    const whole = wholeOf(17);
    const { manifest } = packManifest(whole, random);
    for (const refs of [whole.chunks.slice(1), [...whole.chunks, testRef(random)]]) {
      const page = forgedPage(manifest, 1, 0, refs);
      await expectStopAsync(() => readPages(withPages(manifest, [page], 17), opener([page])), 'E_AUTH');
    }
  });

  it('[F-MAN-2] chunks that do not add up to the size are refused', async () => {
    const whole = wholeOf(17);
    const { manifest } = packManifest(whole, random);
    const twice = [...whole.chunks.slice(0, 16), testRef(random, 99)];
    const page = forgedPage(manifest, 1, 0, twice);
    await expectStopAsync(() => readPages(withPages(manifest, [page], 17), opener([page])), 'E_AUTH');
  });

  it('[F-MAN-2] a chunk in a page may not be longer than a chunk can be', async () => {
    const whole = wholeOf(17);
    const { manifest } = packManifest(whole, random);
    const refs = [...whole.chunks.slice(0, 16), testRef(random, 5 * 1024 * 1024)];
    const page = forgedPage(manifest, 1, 0, refs);
    const size = refs.reduce((sum, ref) => sum + ref.plainLength, 0);
    await expectStopAsync(() => readPages({ ...withPages(manifest, [page], 17), size }, opener([page])), 'E_AUTH');
  });

  it('[F-MAN-3] a page of another node, revision, level or index is refused', async () => {
    const whole = wholeOf(4097);
    const { manifest, pages } = packManifest(whole, random);
    const [first, second] = [must(pages[0]), must(pages[1])];
    await expectStopAsync(() => readPages(withPages(manifest, [second, first], 4097), opener(pages)), 'E_AUTH');
    const tail = whole.chunks.slice(4096);
    const other = newId<NodeId>(random);
    for (const bad of [
      forgedPage({ ...manifest, node: other }, 1, 1, tail),
      forgedPage({ ...manifest, revision: newId<RevisionId>(random) }, 1, 1, tail),
      forgedPage(manifest, 2, 1, tail),
      forgedPage(manifest, 1, 0, tail),
    ]) {
      await expectStopAsync(() => readPages(withPages(manifest, [first, bad], 4097), opener([first, bad])), 'E_AUTH');
    }
  });

  it('[F-SUITE-1] a page of another suite is a downgrade', async () => {
    const whole = wholeOf(17);
    const { manifest } = packManifest(whole, random);
    const page = forgedPage(manifest, 1, 0, whole.chunks, 2);
    await expectStopAsync(() => readPages(withPages(manifest, [page], 17), opener([page])), 'E_DOWNGRADE');
  });

  it('one that contradicts itself does not decode, and is not read', async () => {
    const { manifest } = packManifest(wholeOf(3), random);
    await expectStopAsync(() => readPages({ ...manifest, size: 999 }, opener([])), 'E_AUTH');
    expectStop(() => decodeManifest(encodeManifest({ ...manifest, size: manifest.size + 1 })), 'E_AUTH');
  });
});

describe('[F-ENTRY-4] lists of objects', () => {
  it('hold each new object once, sorted, and none that is held already', () => {
    const ids = Array.from({ length: 5 }, () => newId<ObjectId>(random));
    const held = new Set(ids.slice(0, 2));
    expect(retainedOf([...ids, ...ids], (id) => held.has(id))).toEqual(ids.slice(2).sort());
  });
});
