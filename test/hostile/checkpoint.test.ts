import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type ObjectId } from '../../src/common/ids.ts';
import { decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import {
  type CheckpointHeader,
  encodeCheckpointHeader,
  parseCheckpointHeader,
  signCheckpoint,
} from '../../src/crypto/checkpoint-header.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import type { Lie } from './harness/liar.ts';
import { bytesIn, changeJson, changeObjects, flipped, type Json, refusal, textOf } from './harness/lies.ts';
import { type HostileCase, type Outcome, runCase } from './harness/run-case.ts';
import { makeScene, type Scene } from './harness/scene.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';
import { writeState } from './harness/write-state.ts';

/** A state that a device signed, so that others need not replay all: the shortest way into a device that knows nothing. */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

const checkpointIs = (change: (checkpoint: Json) => Json): Lie =>
  changeJson('getCheckpoint', (answer: Json) => ({ checkpoint: change(answer.checkpoint) }));

/** Who knows the vault does not ask for a checkpoint: whatever the server says of it, nothing happens there. */
const lied = (lie: (scene: Scene, pages: ObjectId[]) => Lie, fresh: Outcome): HostileCase => {
  let pages: ObjectId[] = [];
  return {
    between: async (scene) => {
      pages = await writeState(world.author.session, scene.vault);
    },
    lie: (scene) => lie(scene, pages),
    known: 'unharmed',
    fresh,
  };
};

const resigned = (change: Partial<CheckpointHeader>, seed: Uint8Array): Lie =>
  checkpointIs((checkpoint) => {
    const body = encodeCheckpointHeader({ ...parseCheckpointHeader(bytesIn(checkpoint.body)), ...change });
    return { ...checkpoint, body: textOf(body), signature: textOf(signCheckpoint(body, signingKey(seed))) };
  });

const auth: Outcome = { stops: 'E_AUTH' };

describe('S5: a state that nobody signed', () => {
  it('the true one, to begin with, is the shortest way', async () => {
    let asked = 0;
    await runCase(world, {
      ...lied(
        () => (request) => {
          asked += request.name === 'getCheckpoint' ? 1 : 0;
          return null;
        },
        'unharmed',
      ),
    });
    expect(asked).toBeGreaterThan(0);
  });
  it('signed by the server, in a device’s name', () =>
    runCase(
      world,
      lied(() => resigned({}, systemRandom.bytes(32)), auth),
    ));
  it('signed by a device that nobody knows (K12)', () =>
    runCase(
      world,
      lied(() => resigned({ device: newId(systemRandom) }, systemRandom.bytes(32)), { stops: 'E_MEMBER' }),
    ));
  it('a bit of its box', () =>
    runCase(
      world,
      lied(
        () => checkpointIs((checkpoint) => ({ ...checkpoint, box: textOf(flipped(bytesIn(checkpoint.box), 90)) })),
        auth,
      ),
    ));
  it('another suite (K4)', () =>
    runCase(
      world,
      lied(
        () =>
          checkpointIs((checkpoint) => {
            const fields = decodeCbor(bytesIn(checkpoint.body)) as unknown[];
            return { ...checkpoint, body: textOf(encodeCbor([fields[0], 2, ...fields.slice(2)] as never)) };
          }),
        { stops: 'E_DOWNGRADE' },
      ),
    ));
  it('that of another vault (S3)', async () => {
    const elsewhere = await makeScene(world);
    await writeState(world.author.session, elsewhere.vault);
    const foreign = await world.author.session.storage.getCheckpoint(elsewhere.vault);
    if (foreign === null) throw new Error('no checkpoint');
    const { body, signature, box, pages } = foreign;
    const said = {
      body: textOf(body),
      signature: textOf(signature),
      box: textOf(box),
      pages: textOf(Buffer.from(pages.join(''), 'hex')),
    };
    await runCase(
      world,
      lied(() => checkpointIs(() => said), auth),
    );
  });
});

describe('S7: a state in pieces', () => {
  it('a page that is changed stops it', () =>
    runCase(
      world,
      lied((_, pages) => changeObjects((id, bytes) => (pages.includes(id) ? flipped(bytes, 100) : bytes)), auth),
    ));
  it('a page that is missing: the log says the same', () =>
    runCase(
      world,
      lied((_, pages) => changeObjects((id, bytes) => (pages.includes(id) ? null : bytes)), 'unharmed'),
    ));
  it('none, though there is one: the log says the same', () =>
    runCase(
      world,
      lied(
        () => (asked) => (asked.name === 'getCheckpoint' ? refusal(404, 'missing', 'checkpoint') : null),
        'unharmed',
      ),
    ));
});
