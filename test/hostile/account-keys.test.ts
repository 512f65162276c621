import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newIdentity, sealIdentity } from '../../src/crypto/account-keys.ts';
import { encodeAccountRecord, parseAccountRecord, signAccountRecord } from '../../src/crypto/account-record.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import { askedIn, at, changedBody, inFields, type Outcome, recordIs, runAccountCase } from './harness/account-case.ts';
import { type AccountWorld, accountWorld } from './harness/account-world.ts';
import type { Lie } from './harness/liar.ts';
import { bytesIn, changeJson, flipped, type Json, textOf } from './harness/lies.ts';

let world: AccountWorld;
beforeAll(async () => {
  world = await accountWorld();
});
afterAll(() => world.close());

describe('K1: wrapped keys without integrity', () => {
  const mangled: Record<string, (body: Uint8Array) => Uint8Array> = {
    ...Object.fromEntries(
      [0, 1, 2, 3].map((part) => [`a bit of it, ${part}`, inBoxes((box) => flipped(box, 30 * part + 5))]),
    ),
    'zeros in the boxes': inBoxes((box) => new Uint8Array(box.length)),
    'other boxes of the right length': inBoxes((box) => systemRandom.bytes(box.length)),
  };
  function inBoxes(change: (box: Uint8Array) => Uint8Array) {
    return inFields((all) => all.map((field, index) => (index >= 9 ? change(field) : field)));
  }
  it('are refused before any of them is used, all alike', async () => {
    const seen = new Map<string, string>();
    for (const [name, change] of Object.entries(mangled)) {
      const asked = await askedIn(world, {
        lie: changedBody(change),
        known: 'E_AUTH',
        password: 'E_AUTH',
        words: 'E_AUTH',
      });
      for (const [victim, requests] of Object.entries(asked)) {
        expect(requests.join(), `${name}, ${victim}`).toBe(seen.get(victim) ?? requests.join());
        seen.set(victim, requests.join());
      }
    }
    expect([...seen.keys()].sort()).toEqual(['password', 'restarted', 'running', 'words']);
  });
  it.each<[string, Lie]>([
    ['cut', changedBody((body) => body.subarray(0, -1))],
    ['extended', changedBody((body) => Buffer.concat([body, Buffer.alloc(1)]))],
    [
      'with a signature of the server’s',
      changeJson('getRecord', (answer: Json) => {
        const body = bytesIn(answer.record.body);
        const signature = textOf(signAccountRecord(body, signingKey(systemRandom.bytes(32))));
        return { ...answer, record: { body: textOf(body), signature } };
      }),
    ],
  ])('%s', (_, lie) => runAccountCase(world, { lie, known: 'E_AUTH', password: 'E_AUTH', words: 'E_AUTH' }));
});

describe('K2: a key in the slot of another one', () => {
  it('the boxes of one account, swapped', () =>
    runAccountCase(world, {
      lie: changedBody(inFields((all) => at(9, all[10])(at(10, all[9])(all)))),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('another version of the keys', () =>
    runAccountCase(world, {
      lie: changedBody(inFields(at(8, 2))),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('those of another account', () =>
    runAccountCase(world, {
      lie: (asked, truth) => recordIs(world.foreignRecord)(asked, truth),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('a new identity under the old master key, which the server does not have: its own, then', () =>
    runAccountCase(world, {
      lie: changedBody((body) => {
        const record = parseAccountRecord(body);
        const secrets = newIdentity(systemRandom);
        const identity = sealIdentity(systemRandom.bytes(32), record.account, record.keyVersion, secrets, systemRandom);
        return encodeAccountRecord({ ...record, identity });
      }),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
});

describe('K4, [KEY-10]: another suite', () => {
  it.each([0, 2])('%d in the account record', (suite) =>
    runAccountCase(world, {
      lie: changedBody(inFields(at(1, suite))),
      known: 'E_DOWNGRADE',
      password: 'E_DOWNGRADE',
      words: 'E_DOWNGRADE',
    }),
  );
  it('in an event of the account', () =>
    runAccountCase(world, {
      lie: changeJson('getChain', (page: Json) => ({
        ...page,
        events: page.events.map((event: Json) => ({
          ...event,
          event: textOf(inFields(at(1, 2))(bytesIn(event.event))),
        })),
      })),
      known: 'E_DOWNGRADE',
      password: 'E_DOWNGRADE',
      words: 'E_DOWNGRADE',
    }));
  it('another way to stretch the password', () =>
    runAccountCase(world, {
      lie: changedBody(inFields((all) => at(5, ['scrypt', ...all[5].slice(1)])(all))),
      known: 'E_DOWNGRADE',
      password: 'E_DOWNGRADE',
      words: 'E_DOWNGRADE',
    }));
});

describe('K5: how the password is stretched', () => {
  it.each<[string, object, Outcome]>([
    ['8 KiB, once', { memoryKiB: 8, passes: 1 }, 'E_DOWNGRADE'],
    ['just below what is allowed', { memoryKiB: 65_535 }, 'E_DOWNGRADE'],
    ['4 TiB', { memoryKiB: 2 ** 32 }, 'E_LIMIT'],
    ['2^24 lanes', { lanes: 2 ** 24 }, 'E_LIMIT'],
    ['no lane', { lanes: 0 }, 'E_DOWNGRADE'],
    ['a million passes', { passes: 1_000_000 }, 'E_LIMIT'],
    ['a salt of zeros', { salt: textOf(new Uint8Array(16)) }, 'E_DOWNGRADE'],
    ['no salt', { salt: '' }, 'E_AUTH'],
    ['a salt of 7 bytes', { salt: textOf(new Uint8Array(7).fill(7)) }, 'E_AUTH'],
  ])('%s: refused before the password is touched', async (_, change, code) => {
    const asked = await askedIn(world, {
      lie: changeJson('prelogin', (answer: Json) => ({ ...answer, kdf: { ...answer.kdf, ...change } })),
      known: 'unharmed',
      password: code,
    });
    expect(asked['password']?.map((each) => each.split(' ')[0])).toEqual(['prelogin']);
  });
  it('a salt of another account: the login that comes of it is good for nothing', () =>
    runAccountCase(world, {
      lie: changeJson('prelogin', (answer: Json) => ({
        ...answer,
        kdf: { ...answer.kdf, salt: textOf(parseAccountRecord(bytesIn(world.foreignRecord.body)).kdf.salt) },
      })),
      known: 'unharmed',
      password: { kind: 'refused' },
    }));
  it('other parameters than the last time, though allowed, for a device that knows them', async () => {
    const ports = await world.departedHome();
    const end = world.liar.lie(
      changeJson('prelogin', (answer: Json) => ({ ...answer, kdf: { ...answer.kdf, memoryKiB: 65_537 } })),
    );
    world.liar.forget();
    await expect(world.logIn(ports)).rejects.toMatchObject({ kind: 'security', security: 'E_DOWNGRADE' });
    expect(world.liar.asked.map(({ name }) => name)).toEqual(['prelogin']);
    end();
  });
});

describe('K8: a tag that is cut', () => {
  it.each([4, 8, 12, 16])('by %d bytes, in the boxes of the account', (less) =>
    runAccountCase(world, {
      lie: changedBody(inFields((all) => all.map((field, index) => (index >= 9 ? field.subarray(0, -less) : field)))),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }),
  );
});
