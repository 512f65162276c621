import { concat } from '../../src/common/bytes.ts';
import { HoldfastError } from '../../src/common/errors.ts';
import type { ObjectId } from '../../src/common/ids.ts';
import { decodeCbor } from '../../src/crypto/cbor.ts';
import { type ObjectType, openChunk } from '../../src/crypto/chunk.ts';
import type { ChunkRef } from '../../src/model/manifest.ts';
import { decodeManifest, parseManifestFields } from '../../src/vault/manifest-codec.ts';
import { readPages } from '../../src/vault/manifest-pages.ts';
import { bytesIn, type Input } from './run-history.ts';

export const objectsIn = (input: Input): ReadonlyMap<string, Uint8Array> =>
  new Map(
    (input['objects'] as unknown as readonly (readonly [string, string])[]).map(([id, hex]) => [id, bytesIn(hex)]),
  );

export const unavailable = (): HoldfastError => new HoldfastError('missing', 'This object is not there.');

const opener =
  (input: Input, type: ObjectType) =>
  async (ref: ChunkRef): Promise<Uint8Array> => {
    const sealed = objectsIn(input).get(ref.objectId);
    if (sealed === undefined) throw unavailable();
    return openChunk(ref, sealed, type);
  };

export async function readPagesIn(input: Input) {
  // Not `decodeManifest`: the check of what pages the manifest asks for is `readPages`' own as well.
  const { manifest } = parseManifestFields(decodeCbor(bytesIn(input['manifest'])));
  const { chunks, pages } = await readPages(manifest, opener(input, 'manifest-page'));
  return {
    chunks: chunks.map(({ objectId, plainLength }): [ObjectId, number] => [objectId, plainLength]),
    pages: pages.map(({ objectId }) => objectId),
  };
}

export async function readFileIn(input: Input) {
  const manifest = decodeManifest(bytesIn(input['manifest']));
  const { chunks } = await readPages(manifest, opener(input, 'manifest-page'));
  const pieces = await Promise.all(chunks.map(opener(input, 'chunk')));
  return { content: concat(...pieces) };
}
