import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, textOf } from './harness/lies.ts';
import { runCase } from './harness/run-case.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

describe('S15: wrong times', () => {
  it('of the server change nothing', () =>
    runCase(world, {
      lie: () => async (asked, truth) => {
        const answer = await truth();
        const years = asked.body.length % 2 === 0 ? 10 : -10;
        const date = new Date(Date.now() + years * 365 * 86_400_000).toUTCString();
        return { ...answer, headers: { ...answer.headers, date, age: '315360000', expires: date } };
      },
      known: 'unharmed',
      fresh: 'unharmed',
    }));
});

describe('S16: a storm of conflicts', () => {
  it('“someone else was first”, for ever: tries end, and nothing is doubled', () => {
    let mark = 0;
    return runCase(world, {
      lie: () => {
        mark = world.liar.asked.length;
        return (asked) => {
          if (asked.name !== 'appendLog') return null;
          return refusal(409, 'conflict', 'head-moved', { head: { seq: 1_000_000, hash: textOf(new Uint8Array(32)) } });
        };
      },
      known: 'waits',
      fresh: 'waits',
      also: (scene, pair, victim) => {
        const tries = world.liar.asked
          .slice(mark)
          .filter(({ who, vault, name }) => who === victim && vault === scene.vault && name === 'appendLog');
        expect(tries.length).toBeLessThan(20);
        expect(Object.keys(pair.files.tree()).filter((path) => path.includes('conflict'))).toEqual([]);
      },
    });
  });
});

describe('L6: content that the server asks for', () => {
  it('“these objects are missing”, of another’s files: nothing is sent but what is new', () => {
    return runCase(world, {
      lie: (scene) => (asked) =>
        asked.name === 'appendLog'
          ? refusal(409, 'conflict', 'objects-missing', {
              missing: textOf(Buffer.concat(scene.oldObjects.map((id) => Buffer.from(id, 'hex')))),
            })
          : null,
      known: 'old',
      fresh: 'old',
      also: (scene, _pair, victim) => {
        const sent = world.liar.uploads.filter(({ who, vault }) => who === victim && vault === scene.vault);
        expect(sent.filter(({ id }) => scene.oldObjects.includes(id))).toEqual([]);
        const own = new Set(sent.map(({ bytes }) => bytes.length));
        // Its one small file, however often.
        expect([...own]).toEqual([4112]);
      },
    });
  });
});

describe('P6: words of the client’s own, said by the server', () => {
  it('“what is under way is to end”: it is told that files wait, and the disk is not called full', () => {
    const said = (kind: string, reason: string) => () => (asked: { readonly name: string | null }) =>
      asked.name === 'getObjects' ? refusal(409, kind, reason) : null;
    return runCase(world, {
      lie: said('conflict', 'stopping'),
      variants: () => ({ full: said('limit', 'disk-full')() }),
      known: 'waits',
      fresh: 'waits',
      also: async (_scene, pair) => {
        expect((await pair.issues()).filter(({ kind }) => kind === 'disk-full')).toEqual([]);
      },
    });
  });
});
