import { HoldfastError } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import type { Random } from '../../common/ids.ts';
import { ifSealedFrom, openChunk, sealChunk, sealedLength } from '../../crypto/chunk.ts';
import { rowSealer } from '../../crypto/index-box.ts';
import { localHash } from '../../crypto/local-hash.ts';
import type { ContentCrypto } from '../../engine/transfer/content-crypto.ts';
import { indexSeal, manifestName, manifestRow } from '../../vault/index-seal.ts';
import { dedupKey, indexKey, type KeyRing } from '../../vault/key-ring.ts';
import { decodeManifest } from '../../vault/manifest-codec.ts';
import type { ChunkThreads } from './chunk-threads.ts';
import { openKnown } from './open-known.ts';
import { sealKnown } from './seal-many.ts';

/** Sealing and opening of contents under the keys of one vault; of large chunks in `threads`, if there are any. */
export function contentCrypto(ring: KeyRing, random: Random, threads: ChunkThreads | null = null): ContentCrypto {
  const seal = indexSeal(ring, random);
  const keys = { hash: dedupKey(ring), seal: indexKey(ring) };
  return {
    getReady: () => threads?.getReady(),
    sealChunk: async (plain) => threads?.seal(plain) ?? sealChunk(plain, random),
    sealChunks: async (plains) => {
      const sealing = threads?.sealMany(keys, plains);
      if (sealing) return sealing;
      const sealRow = rowSealer(keys.seal, random);
      const chunks = plains.map((plain) => sealKnown(keys.hash, sealRow, plain, random));
      const free = (): void => {
        for (const { sealed } of chunks) freeMemory(sealed);
      };
      return { chunks, free };
    },
    openChunk: async (ref, sealed) => threads?.open(ref, sealed) ?? openChunk(ref, sealed),
    openChunks: async (chunks) => {
      const opening = threads?.openMany(keys, chunks);
      if (opening) return opening;
      const sealRow = rowSealer(keys.seal, random);
      return { chunks: chunks.map((chunk) => openKnown(keys.hash, sealRow, chunk)), free: () => undefined };
    },
    ifSealedFrom: async (ref, plain) => threads?.ifSealedFrom(ref, plain) ?? ifSealedFrom(ref, plain),
    localHash: (plain) => localHash.hash(keys.hash, plain),
    openPage: async (ref, sealed) => openChunk(ref, sealed, 'manifest-page'),
    sealManifest: (manifest) => seal.sealManifest(manifest),
    sealManifests: async (manifests) => {
      const rows = manifests.map(manifestRow);
      return threads?.sealRows(keys.seal, rows) ?? rows.map(seal.sealRow);
    },
    openManifest: (revision, sealed) => seal.openManifest(revision, sealed),
    openManifests: async (rows) => {
      const named = rows.map(({ revision, sealed }) => ({ name: manifestName(revision), sealed }));
      const plains = await threads?.openRows(keys.seal, named);
      return rows.map(({ revision, sealed }, at) => {
        const plain = plains?.[at];
        return ifGood(() => (plain === undefined ? seal.openManifest(revision, sealed) : decodeManifest(plain)));
      });
    },
    sealRef: (ref) => seal.sealRef(ref),
    openRef: (objectId, sealed) => seal.openRef(objectId, sealed),
    sealedLength,
  };
}

function ifGood<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof HoldfastError) return null;
    throw error;
  }
}
