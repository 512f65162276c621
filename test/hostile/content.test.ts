import { afterAll, beforeAll, describe, it } from 'vitest';
import type { ObjectId } from '../../src/common/ids.ts';
import { rootNode } from '../../src/common/ids.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import { sealChunk } from '../../src/crypto/chunk.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { bytesOf } from '../helpers/scenario-files.ts';
import { vaultAuthor } from '../integration/rescue/vault-author.ts';
import type { Lie } from './harness/liar.ts';
import { changeObjects, flipped } from './harness/lies.ts';
import { type HostileCase, runCase } from './harness/run-case.ts';
import { type History, makeScene, plainHistory, type Scene } from './harness/scene.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

type Change = (bytes: Uint8Array, scene: Scene, at: number) => Uint8Array | null;

/** Other bytes for objects that came with the second part of the history; `at`: which of them. */
const inNew =
  (change: Change) =>
  (scene: Scene): Lie =>
    changeObjects((id, bytes) => {
      const at = scene.newObjects.indexOf(id);
      return at < 0 ? bytes : change(bytes, scene, at);
    });

/** Each change of the small files is refused, keeps what there was, and is told in the same way. */
const refusedChanges = (changes: Readonly<Record<string, Change>>, more: Partial<HostileCase> = {}): HostileCase => {
  const [first, ...others] = Object.values(changes);
  if (first === undefined) throw new Error('no change');
  const outcome = { files: ['edit.txt', 'new.txt'], code: 'E_AUTH' } as const;
  return {
    lie: inNew(first),
    variants: (scene) =>
      Object.fromEntries(others.map((change, at) => [Object.keys(changes)[at + 1] ?? '', inNew(change)(scene)])),
    known: outcome,
    fresh: outcome,
    ...more,
  };
};

/** Three chunks; beside it a file without any, and the small ones. */
const bigHistory: History = {
  first: plainHistory.first,
  later: (files) => {
    files.write('empty.txt', '');
    const big = Buffer.alloc(2_500_000);
    for (let at = 0; at + 4 < big.length; at += 64) big.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
    files.write('big.bin', big);
  },
};

const other = (scene: Scene, at: number): Uint8Array => {
  const id = scene.newObjects[(at + 1) % scene.newObjects.length] as ObjectId;
  return scene.sealed(id);
};

describe('S1, K3, [KEY-06]: content that is changed', () => {
  it('any bit, swapped or zeroed blocks: refused before a byte of it is written', () =>
    runCase(
      world,
      refusedChanges({
        'the first bit': (bytes) => flipped(bytes, 0),
        'a bit in the middle': (bytes) => flipped(bytes, bytes.length >> 1, 0x80),
        'a bit of the padding': (bytes) => flipped(bytes, -20),
        'a bit of the tag': (bytes) => flipped(bytes, -1),
        'blocks swapped': (bytes) => Buffer.concat([bytes.subarray(16, 32), bytes.subarray(0, 16), bytes.subarray(32)]),
        zeros: (bytes) => new Uint8Array(bytes.length),
      }),
    ));
});

describe('K8: a tag that is cut', () => {
  it('to 12, 8 or 4 bytes, or to none', () =>
    runCase(
      world,
      refusedChanges({
        12: (bytes) => bytes.subarray(0, -4),
        8: (bytes) => bytes.subarray(0, -8),
        4: (bytes) => bytes.subarray(0, -12),
        0: (bytes) => bytes.subarray(0, -16),
      }),
    ));
});

describe('S2: chunks in another order or number', () => {
  it('reordered, repeated, cut, extended, zeroed', () => {
    const outcome = { files: ['big.bin'], code: 'E_AUTH' } as const;
    const changes: Record<string, Change> = {
      'each in the place of the one before': (_, scene, at) => other(scene, at),
      'the first instead of all': (_, scene) => scene.sealed(scene.newObjects[0] as ObjectId),
      'a byte less': (bytes) => bytes.subarray(0, -1),
      'a byte more': (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
      'two instead of one': (bytes, scene, at) => Buffer.concat([bytes, other(scene, at)]),
      'one byte': (bytes) => bytes.subarray(0, 1),
      'zeros, as of a sparse file': (bytes) => new Uint8Array(bytes.length),
    };
    return runCase(world, {
      ...refusedChanges(changes, { history: bigHistory }),
      known: outcome,
      fresh: outcome,
    });
  });
});

describe('S3, [KEY-07]: a content in the place of another one', () => {
  it('of another file, version, vault or account', async () => {
    const elsewhere = await makeScene(world);
    const foreign = sealChunk(bytesOf('of another account'), systemRandom).sealed;
    await runCase(
      world,
      refusedChanges({
        'of another file': (_, scene, at) => other(scene, at),
        'of an older version': (_, scene) => scene.sealed(scene.oldObjects[0] as ObjectId),
        'of another vault': () => elsewhere.sealed(elsewhere.newObjects[0] as ObjectId),
        'of another account': () => foreign,
      }),
    );
  });
});

describe('S6: a thing in the role of another one', () => {
  /** A file whose bytes are a page of a manifest, which the server gives for that page. */
  it('a file that is made to be taken for a part of another file', () => {
    const page = (bytes: Uint8Array[]) => encodeCbor(['manifest-page', 1, bytes, 0, 0, []]);
    let crafted: ObjectId | null = null;
    const paged = new Set<ObjectId>();
    return runCase(world, {
      between: async (scene) => {
        const writer = await vaultAuthor(world.author.session, scene.vault);
        const pieces = Array.from({ length: 20 }, (_, at) => `piece ${at}`);
        await writer.file('paged.txt', rootNode, pieces);
        for (const { vault, id } of world.liar.uploads) if (vault === scene.vault) paged.add(id);
        for (const id of scene.oldObjects) paged.delete(id);
        const mark = world.liar.uploads.length;
        await writer.file('crafted.bin', rootNode, [page([new Uint8Array(16)])]);
        crafted = world.liar.uploads[mark]?.id ?? null;
      },
      lie: (scene) => changeObjects((id, bytes) => (crafted !== null && paged.has(id) ? scene.sealed(crafted) : bytes)),
      known: { files: ['paged.txt'], code: 'E_AUTH' },
      fresh: { files: ['paged.txt'], code: 'E_AUTH' },
    });
  });
});

describe('S7: content that is left out', () => {
  it('is unavailable, and nothing is taken for deleted', () =>
    runCase(world, {
      lie: inNew(() => null),
      known: { files: ['edit.txt', 'new.txt'], code: null },
      fresh: { files: ['edit.txt', 'new.txt'], code: null },
    }));
});
