import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFile } from '../../src/app/account-file.ts';
import { type AccountSession, openAccountSession } from '../../src/app/account-session.ts';
import type { Ports } from '../../src/app/ports.ts';
import { HoldfastError, must, type SecurityCode } from '../../src/common/errors.ts';
import { newId } from '../../src/common/ids.ts';
import { extendAccountChain } from '../../src/crypto/account-chain.ts';
import { encodeAccountEvent, hashAccountEvent, signAccountEvent } from '../../src/crypto/account-event.ts';
import { newIdentity, sealIdentity } from '../../src/crypto/account-keys.ts';
import { encodeAccountRecord, parseAccountRecord, signAccountRecord } from '../../src/crypto/account-record.ts';
import { decodeCbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import { newDeviceKeys } from '../../src/vault/account-keys.ts';
import { addDevice, revokeDevice } from '../../src/vault/account-steps.ts';
import { type AccountWorld, accountWorld, knownPosition, type WireEvent } from './harness/account-world.ts';
import type { Lie } from './harness/liar.ts';
import { bytesIn, changeJson, flipped, type Json, refusal, textOf } from './harness/lies.ts';

let world: AccountWorld;
beforeAll(async () => {
  world = await accountWorld();
});
afterAll(() => world.close());

/** With which class it stops; or the kind of what it says, without a stop; or that it has the truth in spite of the lie. */
type Outcome = SecurityCode | { readonly kind: string } | 'unharmed';

interface AccountCase {
  readonly lie: Lie;
  /** What a device does that knows the account: one that runs on, and one that is started under the lie. Null: not asked. */
  readonly known: Outcome | null;
  /** What a sign-in does that never saw it, with the password. */
  readonly password: Outcome | null;
  /** And with the recovery words. */
  readonly words?: Outcome | null;
}

/** Requests that change anything; none may follow from a lie. */
const changing = new Set(['signup', 'appendEvent', 'putRecord', 'createVault', 'appendLog', 'putObject', 'putObjects']);

/** What a case made each victim ask for, to be compared with others of its kind. */
type Asked = Record<string, readonly string[]>;

const runCase = async (test: AccountCase): Promise<void> => {
  await askedIn(test);
};

async function askedIn({ lie, known, password, words = null }: AccountCase): Promise<Asked> {
  const asked: Asked = {};
  const under = async (victim: string, outcome: Outcome | null, act: () => Promise<unknown>): Promise<void> => {
    if (outcome === null) return;
    const end = world.liar.lie((request, truth) => (request.who === 'victim' ? lie(request, truth) : null));
    let error: unknown = null;
    world.liar.forget();
    try {
      await act();
    } catch (thrown) {
      error = thrown;
    } finally {
      end();
    }
    if (outcome === 'unharmed') expect(error, victim).toBeNull();
    else {
      expect(error, `${victim}: ${String(error)}`).toBeInstanceOf(HoldfastError);
      const expected = typeof outcome === 'string' ? { kind: 'security', security: outcome } : outcome;
      expect(error, victim).toMatchObject(expected);
      const names = world.liar.asked.map(({ name }) => name ?? '');
      expect(
        names.filter((name) => changing.has(name)),
        victim,
      ).toEqual([]);
    }
    for (const { path, headers, body } of world.liar.asked) {
      expect(world.secretsIn(Buffer.from(`${path} ${JSON.stringify(headers)}`)), `${victim} ${path}`).toEqual([]);
      expect(world.secretsIn(body), `${victim} ${path}`).toEqual([]);
    }
    asked[victim] = world.liar.asked.map(({ name, body }) => `${name} ${body.length}`);
  };

  for (const victim of ['running', 'restarted']) {
    const ports = await world.knownHome();
    const stored = must(accountFile(ports.home).read());
    let session: AccountSession | null = victim === 'running' ? await openAccountSession(ports, stored) : null;
    await under(victim, known, async () => {
      session ??= await openAccountSession(ports, stored);
      await session.refresh();
    });
    if (session !== null && known !== null) await expectAftermath(ports, session, known, victim);
    await (session as AccountSession | null)?.close();
  }
  for (const [victim, outcome, signIn] of [
    ['password', password, world.logIn],
    ['words', words, world.recover],
  ] as const) {
    const ports = await world.freshHome();
    await under(victim, outcome, () => signIn(ports));
    if (outcome !== 'unharmed') expect(accountFile(ports.home).read(), victim).toBeNull();
  }
  return asked;
}

/** Told the truth again: what was frozen stays so, even after a restart; the rest goes on. Nothing that was known is lost. */
async function expectAftermath(ports: Ports, session: AccountSession, outcome: Outcome, who: string): Promise<void> {
  const stored = must(accountFile(ports.home).read());
  expect(stored.events.length, who).toBeGreaterThanOrEqual(knownPosition);
  const isFrozen = stored.pin.frozen !== null;
  if (!isFrozen) {
    await session.refresh();
    expect(session.known().chain.position, who).toBeGreaterThanOrEqual(world.events.length);
    return;
  }
  expect(stored.pin.frozen?.code, who).toBe(outcome);
  expect(stored.events.length, who).toBe(knownPosition);
  world.liar.forget();
  await expect(session.refresh()).rejects.toMatchObject({ kind: 'security', security: outcome });
  expect(() => session.author()).toThrow(expect.objectContaining({ kind: 'security' }));
  const again = await openAccountSession(ports, stored);
  await expect(again.refresh()).rejects.toMatchObject({ kind: 'security', security: outcome });
  await again.close();
  expect(world.liar.asked, who).toEqual([]);
}

/** Another record, as it travels. */
const recordIs = (record: { readonly body: string; readonly signature: string }): Lie =>
  changeJson('getRecord', (answer) => ({ ...answer, record }));

const changedBody = (change: (body: Uint8Array) => Uint8Array): Lie =>
  changeJson('getRecord', (answer: Json) => ({
    ...answer,
    record: { ...answer.record, body: textOf(change(bytesIn(answer.record.body))) },
  }));

/** The whole chain is another one, wherever one begins to read it. */
const chainIs = (events: () => readonly WireEvent[]): Lie =>
  changeJson('getChain', (_, { path }) => {
    const after = Number(new URL(path, 'http://x').searchParams.get('after') ?? 0);
    const all = events();
    const last = all.at(-1);
    const hash = last === undefined ? new Uint8Array(32) : hashAccountEvent(bytesIn(last.event));
    return { events: all.slice(after), head: { seq: all.length, hash: textOf(hash) }, isLast: true };
  });

const fields = (bytes: Uint8Array): Json[] => decodeCbor(bytes) as Json[];
const at = (index: number, value: Json) => (all: Json[]) => all.map((field, each) => (each === index ? value : field));
const inFields = (change: (all: Json[]) => Json[]) => (bytes: Uint8Array) => encodeCbor(change(fields(bytes)) as never);

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
      const asked = await askedIn({ lie: changedBody(change), known: 'E_AUTH', password: 'E_AUTH', words: 'E_AUTH' });
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
  ])('%s', (_, lie) => runCase({ lie, known: 'E_AUTH', password: 'E_AUTH', words: 'E_AUTH' }));
});

describe('K2: a key in the slot of another one', () => {
  it('the boxes of one account, swapped', () =>
    runCase({
      lie: changedBody(inFields((all) => at(9, all[10])(at(10, all[9])(all)))),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('another version of the keys', () =>
    runCase({ lie: changedBody(inFields(at(8, 2))), known: 'E_AUTH', password: 'E_AUTH', words: 'E_AUTH' }));
  it('those of another account', () =>
    runCase({
      lie: (asked, truth) => recordIs(world.foreignRecord)(asked, truth),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('a new identity under the old master key, which the server does not have: its own, then', () =>
    runCase({
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
    runCase({
      lie: changedBody(inFields(at(1, suite))),
      known: 'E_DOWNGRADE',
      password: 'E_DOWNGRADE',
      words: 'E_DOWNGRADE',
    }),
  );
  it('in an event of the account', () =>
    runCase({
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
    runCase({
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
    const asked = await askedIn({
      lie: changeJson('prelogin', (answer: Json) => ({ ...answer, kdf: { ...answer.kdf, ...change } })),
      known: 'unharmed',
      password: code,
    });
    expect(asked['password']?.map((each) => each.split(' ')[0])).toEqual(['prelogin']);
  });
  it('a salt of another account: the login that comes of it is good for nothing', () =>
    runCase({
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
    runCase({
      lie: changedBody(inFields((all) => all.map((field, index) => (index >= 9 ? field.subarray(0, -less) : field)))),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }),
  );
});

/** An account of the server's own under the id of the true one, sound in itself. */
function inventedAccount(): { events: WireEvent[]; record: { body: string; signature: string } } {
  const { account } = world.founder.stored();
  const secrets = newIdentity(systemRandom);
  const identity = signingKey(secrets.signingSeed);
  const true2 = parseAccountRecord(bytesIn(must(world.records[1]).body));
  const body = encodeAccountRecord({
    ...true2,
    identity: sealIdentity(systemRandom.bytes(32), account, true2.keyVersion, secrets, systemRandom),
  });
  const facts = [
    { kind: 'genesis', identityKey: identity.publicKey, sealingKey: systemRandom.bytes(32) },
    { kind: 'record', version: 1, hash: new Uint8Array(32) },
  ] as const;
  const events: WireEvent[] = [];
  let prevHash = new Uint8Array(32);
  for (const fact of facts) {
    const event = encodeAccountEvent({ account, seq: events.length + 1, prevHash, timeUs: 0, fact });
    events.push({
      event: textOf(event),
      signature: textOf(signAccountEvent(event, identity).signature),
      deviceSignature: null,
    });
    prevHash = new Uint8Array(hashAccountEvent(event));
  }
  return { events, record: { body: textOf(body), signature: textOf(signAccountRecord(body, identity)) } };
}

describe('K9: one’s own public keys', () => {
  it('replaced by those of an account that the server made up, all of it consistent', () => {
    const made = inventedAccount();
    return runCase({
      lie: async (asked, truth) =>
        (await chainIs(() => made.events)(asked, truth)) ?? recordIs(made.record)(asked, truth),
      known: 'E_ROLLBACK',
      password: 'E_AUTH',
      words: 'E_AUTH',
    });
  });
  it('replaced in the chain alone: the right private keys are compared with it', () => {
    const { events } = inventedAccount();
    return runCase({ lie: chainIs(() => events), known: 'E_ROLLBACK', password: 'E_KEYCHANGE', words: 'E_KEYCHANGE' });
  });
  it('none at all, as if the account were new', () =>
    runCase({ lie: chainIs(() => []), known: 'E_ROLLBACK', password: 'E_AUTH', words: 'E_AUTH' }));
});

/** What an honest account would write next, were it not the server who asks for it. */
const stepsOf = () => {
  const { keys, known } = world.founder;
  const upTo = (count: number) => extendAccountChain(null, keys.account, known().events.slice(0, count));
  const onWire = (step: ReturnType<typeof addDevice>): WireEvent => ({
    event: textOf(step.event.event),
    signature: textOf(step.event.signature),
    deviceSignature: step.event.deviceSignature === null ? null : textOf(step.event.deviceSignature),
  });
  return { keys, upTo, onWire };
};

describe('K12: devices that nobody added', () => {
  const first = (count: number): WireEvent[] => world.events.slice(0, count);

  it('one that the server signs for', () =>
    runCase({
      lie: chainIs(() => {
        const { keys, upTo, onWire } = stepsOf();
        const ghost = newDeviceKeys(systemRandom);
        const step = addDevice(keys, upTo(knownPosition), ghost, 'Ghost', 0, systemRandom);
        const identity = signingKey(systemRandom.bytes(32));
        const forged = signAccountEvent(step.event.event, identity, ghost.signing);
        return [...first(knownPosition), onWire({ ...step, event: forged })];
      }),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('an old one, added again', () =>
    runCase({
      lie: chainIs(() => [...first(knownPosition), must(world.events[1])]),
      known: 'E_FORK',
      password: 'E_FORK',
      words: 'E_FORK',
    }));
  it('a removed one, whose removal is left out of the middle', () =>
    runCase({
      lie: chainIs(() => [...first(5), ...world.events.slice(6)]),
      known: 'E_FORK',
      password: 'E_FORK',
      words: 'E_FORK',
    }));
  it('one of another account', () =>
    runCase({
      lie: chainIs(() => [...first(knownPosition), must(world.foreignEvents[1])]),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('one whose own signature is another’s', () =>
    runCase({
      lie: chainIs(() => [
        ...first(knownPosition),
        { ...must(world.events[4]), deviceSignature: must(world.events[3]).deviceSignature },
      ]),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
});

describe('K13: recovery that nobody asked for', () => {
  it('“an administrator was enrolled; seal to this key”: words that no client knows change nothing', () =>
    runCase({
      lie: changeJson(['getChain', 'getRecord', 'challenge', 'login'], (answer: Json) => ({
        ...answer,
        recovery: {
          requested: true,
          admin: textOf(systemRandom.bytes(32)),
          reencryptTo: textOf(systemRandom.bytes(32)),
        },
        escrow: true,
        flags: { telemetry: true, legacyCrypto: true, updateUrl: 'http://169.254.169.254/' },
      })),
      known: 'unharmed',
      password: 'unharmed',
    }));
});

describe('S8: an earlier account', () => {
  it('without the newest events: who has seen no more cannot know; the old password’s record does not fit', () =>
    runCase({
      lie: (asked, truth) => recordIs(must(world.records[0]))(asked, truth),
      known: 'E_ROLLBACK',
      password: 'E_AUTH',
      words: 'E_ROLLBACK',
    }));
  it('shorter than what a device has seen', () =>
    runCase({ lie: chainIs(() => world.events.slice(0, knownPosition - 1)), known: 'E_ROLLBACK', password: null }));
  it('shorter than what a device had seen that signed out', async () => {
    const ports = await world.departedHome();
    const end = world.liar.lie(chainIs(() => world.events.slice(0, knownPosition - 1)));
    await expect(world.recover(ports)).rejects.toMatchObject({ kind: 'security', security: 'E_ROLLBACK' });
    expect(accountFile(ports.home).read()).toBeNull();
    end();
  });
});

describe('S9: two histories of the account', () => {
  it('another event in the place of one that was seen, signed by the account itself (a device in league with the server)', () =>
    runCase({
      lie: chainIs(() => {
        const { keys, upTo, onWire } = stepsOf();
        const step = revokeDevice(keys, upTo(knownPosition - 1), world.founder.device.device, 0);
        return [...world.events.slice(0, knownPosition - 1), onWire(step)];
      }),
      known: 'E_FORK',
      password: null,
    }));
});

describe('S11: “there is no such account”', () => {
  const gone: Lie = (asked) =>
    asked.name === 'prelogin' || asked.name === 'challenge' || asked.name === 'login'
      ? null
      : refusal(404, 'missing', 'account');
  it('is not believed by who knows it, and nobody makes one', () =>
    runCase({ lie: gone, known: 'E_ROLLBACK', password: { kind: 'missing' }, words: { kind: 'missing' } }));
  it('another account for an address that is known', async () => {
    const ports = await world.departedHome();
    const end = world.liar.lie(changeJson('prelogin', (answer: Json) => ({ ...answer, account: newId(systemRandom) })));
    world.liar.forget();
    await expect(world.logIn(ports)).rejects.toMatchObject({ kind: 'security', security: 'E_ROLLBACK' });
    expect(world.liar.asked.map(({ name }) => name)).toEqual(['prelogin']);
    end();
  });
});

it('[KEY-03] who signed out before the password was changed is told what to do, and the words let it in', async () => {
  const ports = await world.departedHome();
  await expect(world.logIn(ports)).rejects.toMatchObject({
    reason: 'kdf-changed',
    hint: expect.stringMatching(/recover/),
  });
  await world.recover(ports);
  expect(accountFile(ports.home).read()?.account).toBe(world.founder.stored().account);
});
