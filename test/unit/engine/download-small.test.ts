import { describe, expect, it } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import { type NodeId, newId, type ObjectId, type RevisionId } from '../../../src/common/ids.ts';
import { downloadSmall } from '../../../src/engine/down/download-small.ts';
import type { SealedPiece } from '../../../src/engine/transfer/content-crypto.ts';
import { semaphore } from '../../../src/engine/transfer/semaphore.ts';
import type { NewContent, StagedFile } from '../../../src/local/file-system.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { noPassage } from '../../helpers/no-passage.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

const random = seededRandom('download small');

function manifestOf(piece: SealedPiece | null): Manifest {
  const size = piece?.plainLength ?? 0;
  const chunks = piece === null ? [] : [{ ...piece }];
  const [node, revision] = [newId<NodeId>(random), newId<RevisionId>(random)];
  return { node, revision, size, mtimeUs: 5, exec: false, content: { kind: 'chunks', chunks } };
}

const damaged = (sealed: Uint8Array): Uint8Array => sealed.map((byte, at) => (at === 9 ? byte ^ 1 : byte));

/** Files of these texts, of which the server gives what `together` and then `single` make of the sealed bytes. */
async function download(
  texts: readonly string[],
  answers: {
    readonly together?: (text: string, sealed: Uint8Array) => Uint8Array | null;
    readonly single?: (text: string, sealed: Uint8Array) => Uint8Array | null;
    readonly fits?: (contents: readonly NewContent[]) => boolean;
  } = {},
) {
  const { context } = vaultContextWorld('download small').device(0);
  await context.pull();
  const { crypto } = context.content;
  const held = new Map<ObjectId, { readonly text: string; readonly sealed: Uint8Array }>();
  const manifests: Manifest[] = [];
  const known = new Map<string, SealedPiece>();
  for (const text of texts) {
    const piece = text === '' ? null : (known.get(text) ?? (await crypto.sealChunk(new TextEncoder().encode(text))));
    if (piece !== null) {
      known.set(text, piece);
      held.set(piece.objectId, { text, sealed: piece.sealed.slice() });
    }
    manifests.push(manifestOf(piece));
  }
  const memory = semaphore(1e8);
  const staged: string[] = [];
  let fetches = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const same = (_: string, sealed: Uint8Array): Uint8Array => sealed;
  const outcomes = await downloadSmall(
    {
      fs: {
        createStaged: () => Promise.reject(new Error('not this way')),
        stageAll: async (contents) => {
          if (answers.fits?.(contents) === false) throw diskError('disk-full');
          staged.push(...contents.map(({ bytes }) => Buffer.from(bytes).toString()));
          return contents.map(() => ({}) as StagedFile);
        },
      },
      crypto,
      source: {
        fetch: async (id) => {
          fetches++;
          mostAtOnce = Math.max(mostAtOnce, ++atOnce);
          await Promise.resolve();
          atOnce--;
          const { text, sealed } = must(held.get(id));
          const given = (answers.single ?? same)(text, sealed.slice());
          if (given === null) throw new HoldfastError('missing', 'the server does not hold a part of this file');
          return given;
        },
        fetchAll: async (ids) =>
          new Map(
            ids.flatMap((id) => {
              const { text, sealed } = must(held.get(id));
              const given = (answers.together ?? same)(text, sealed.slice());
              return given === null ? [] : [[id, given]];
            }),
          ),
      },
      memory,
      turn: semaphore(1),
      onReceiving: noPassage,
      onLeftover: () => undefined,
      isStopping: () => false,
    },
    manifests,
  );
  expect(memory.used).toBe(0);
  const told = outcomes.map((outcome) => (outcome.ok ? outcome.value.chunks.length : outcome.error));
  return { told, staged, fetches, mostAtOnce };
}

describe('small files that are fetched together', () => {
  it('come whole, an empty one and two of one content among them', async () => {
    const { told, staged } = await download(['one', '', 'two', 'one']);
    expect(staged).toEqual(['one', '', 'two', 'one']);
    expect(told).toEqual([1, 0, 1, 1]);
  });

  it('what many of them have in common is asked for at once, not one after the other', async () => {
    const { told, mostAtOnce } = await download(['one', 'two', 'one', 'one', 'two', 'one']);
    expect(told).toEqual([1, 1, 1, 1, 1, 1]);
    expect(mostAtOnce).toBe(4);
  });

  it('[F-FREEZE-3] one that fails its check is asked for once more, and no third time; the others are there', async () => {
    const once = { together: (text: string, sealed: Uint8Array) => (text === 'bad' ? damaged(sealed) : sealed) };
    expect(await download(['a', 'bad', 'b'], once)).toMatchObject({
      told: [1, 1, 1],
      staged: ['a', 'bad', 'b'],
      fetches: 1,
    });
    const always = { ...once, single: (_: string, sealed: Uint8Array) => damaged(sealed) };
    expect(await download(['a', 'bad', 'b'], always)).toMatchObject({
      told: [1, expect.objectContaining({ kind: 'security', security: 'E_AUTH' }), 1],
      staged: ['a', 'b'],
      fetches: 1,
    });
  });

  it('one that the server does not hold fails alone', async () => {
    const answers = {
      together: (text: string, sealed: Uint8Array) => (text === 'lost' ? null : sealed),
      single: () => null,
    };
    const { told, staged } = await download(['a', 'lost', 'b'], answers);
    expect(told).toEqual([1, expect.objectContaining({ kind: 'missing' }), 1]);
    expect(staged).toEqual(['a', 'b']);
  });

  it('where there is no room for all of them, those that fit are kept', async () => {
    const fits = (contents: readonly NewContent[]) => contents.every(({ bytes }) => bytes.length < 5);
    const { told, staged } = await download(['a', 'much more', 'b'], { fits });
    expect(told).toEqual([1, expect.objectContaining({ reason: 'disk-full' }), 1]);
    expect(staged).toEqual(['a', 'b']);
  });
});
