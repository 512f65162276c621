import { chunkThreads } from '../../src/app/seal/chunk-threads.ts';
import { ifSealedFrom, openChunk, sealChunk } from '../../src/crypto/chunk.ts';
import { systemRandom } from '../../src/crypto/random.ts';

/** As in the app, one set for all pairs of a process: what goes over to a thread is nobody's any more. */
export const appThreads = chunkThreads({
  seal: (plain) => sealChunk(plain, systemRandom),
  open: openChunk,
  ifSealedFrom,
});
