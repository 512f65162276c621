import { describe, expect, it } from 'vitest';
import { type NodeId, newId, type RevisionId } from '../../../src/common/ids.ts';
import { downloadContent } from '../../../src/engine/down/download-content.ts';
import { semaphore } from '../../../src/engine/transfer/semaphore.ts';
import type { StagedFile } from '../../../src/local/file-system.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { noPassage } from '../../helpers/no-passage.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

const random = seededRandom('download');

/** A file of two chunks, of which the server gives the second one as `answers` say, one after the other. */
async function download(answers: readonly ('good' | 'bad')[]) {
  const { context } = vaultContextWorld('download').device(0);
  await context.pull();
  const { crypto } = context.content;
  const pieces = await Promise.all(
    ['hello, ', 'world'].map((text) => crypto.sealChunk(new TextEncoder().encode(text))),
  );
  const [first, second] = pieces as [(typeof pieces)[number], (typeof pieces)[number]];
  const manifest: Manifest = {
    node: newId<NodeId>(random),
    revision: newId<RevisionId>(random),
    size: 12,
    mtimeUs: 0,
    exec: false,
    content: {
      kind: 'chunks',
      chunks: [first, second].map(({ objectId, secret, hash }, at) => ({
        objectId,
        secret,
        hash,
        plainLength: at === 0 ? 7 : 5,
      })),
    },
  };
  const written: string[] = [];
  let [isFinished, hasLeft, fetches] = [false, false, 0];
  const staged = {
    leftBytes: 0,
    write: async (bytes: Uint8Array) => void written.push(Buffer.from(bytes).toString()),
    finish: async () => {
      isFinished = true;
    },
    leave: async () => {
      hasLeft = true;
    },
  } as Partial<StagedFile> as StagedFile;
  const result = downloadContent(
    {
      fs: { createStaged: async () => staged },
      crypto,
      source: {
        fetch: async (id) => {
          if (id === first.objectId) return first.sealed;
          const answer = answers[fetches++] ?? 'bad';
          return answer === 'good' ? second.sealed : second.sealed.map((byte, at) => (at === 9 ? byte ^ 1 : byte));
        },
      },
      memory: semaphore(1e8),
      turn: semaphore(1),
      onReceiving: noPassage,
      onLeftover: () => undefined,
      isStopping: () => false,
    },
    manifest,
  );
  const failure: unknown = await result.then(
    () => null,
    (error: unknown) => error,
  );
  return { failure, written: written.sort(), isFinished, hasLeft, fetches };
}

describe('an object that fails', () => {
  it('[F-FREEZE-3] is fetched once more, and no third time; the file is not finished [F-MAN-4]', async () => {
    const { failure, ...rest } = await download(['bad', 'bad', 'good']);
    expect(failure).toMatchObject({ kind: 'security', security: 'E_AUTH' });
    expect(rest).toEqual({ written: ['hello, '], isFinished: false, hasLeft: true, fetches: 2 });
  });

  it('[F-FREEZE-3] and is right the second time, does no harm', async () => {
    const { failure, ...rest } = await download(['bad', 'good']);
    expect(failure).toBeNull();
    expect(rest).toEqual({ written: ['hello, ', 'world'], isFinished: true, hasLeft: false, fetches: 2 });
  });
});
