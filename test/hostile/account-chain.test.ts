import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFile } from '../../src/app/account/account-file.ts';
import { must } from '../../src/common/errors.ts';
import { newId } from '../../src/common/ids.ts';
import { extendAccountChain } from '../../src/crypto/account-chain.ts';
import { encodeAccountEvent, hashAccountEvent, signAccountEvent } from '../../src/crypto/account-event.ts';
import { newIdentity, sealIdentity } from '../../src/crypto/account-keys.ts';
import { encodeAccountRecord, parseAccountRecord, signAccountRecord } from '../../src/crypto/account-record.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import { newDeviceKeys } from '../../src/vault/account-keys.ts';
import { addDevice, revokeDevice } from '../../src/vault/account-steps.ts';
import { chainIs, recordIs, runAccountCase } from './harness/account-case.ts';
import { type AccountWorld, accountWorld, knownPosition, type WireEvent } from './harness/account-world.ts';
import type { Lie } from './harness/liar.ts';
import { bytesIn, changeJson, type Json, refusal, textOf } from './harness/lies.ts';

let world: AccountWorld;
beforeAll(async () => {
  world = await accountWorld();
});
afterAll(() => world.close());

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
    return runAccountCase(world, {
      lie: async (asked, truth) =>
        (await chainIs(() => made.events)(asked, truth)) ?? recordIs(made.record)(asked, truth),
      known: 'E_ROLLBACK',
      password: 'E_AUTH',
      words: 'E_AUTH',
    });
  });
  it('replaced in the chain alone: the right private keys are compared with it', () => {
    const { events } = inventedAccount();
    return runAccountCase(world, {
      lie: chainIs(() => events),
      known: 'E_ROLLBACK',
      password: 'E_KEYCHANGE',
      words: 'E_KEYCHANGE',
    });
  });
  it('none at all, as if the account were new', () =>
    runAccountCase(world, { lie: chainIs(() => []), known: 'E_ROLLBACK', password: 'E_AUTH', words: 'E_AUTH' }));
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
    runAccountCase(world, {
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
    runAccountCase(world, {
      lie: chainIs(() => [...first(knownPosition), must(world.events[1])]),
      known: 'E_FORK',
      password: 'E_FORK',
      words: 'E_FORK',
    }));
  it('a removed one, whose removal is left out of the middle', () =>
    runAccountCase(world, {
      lie: chainIs(() => [...first(5), ...world.events.slice(6)]),
      known: 'E_FORK',
      password: 'E_FORK',
      words: 'E_FORK',
    }));
  it('one of another account', () =>
    runAccountCase(world, {
      lie: chainIs(() => [...first(knownPosition), must(world.foreignEvents[1])]),
      known: 'E_AUTH',
      password: 'E_AUTH',
      words: 'E_AUTH',
    }));
  it('one whose own signature is another’s', () =>
    runAccountCase(world, {
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
    runAccountCase(world, {
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
    runAccountCase(world, {
      lie: (asked, truth) => recordIs(must(world.records[0]))(asked, truth),
      known: 'E_ROLLBACK',
      password: 'E_AUTH',
      words: 'E_ROLLBACK',
    }));
  it('shorter than what a device has seen', () =>
    runAccountCase(world, {
      lie: chainIs(() => world.events.slice(0, knownPosition - 1)),
      known: 'E_ROLLBACK',
      password: null,
    }));
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
    runAccountCase(world, {
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
    runAccountCase(world, {
      lie: gone,
      known: 'E_ROLLBACK',
      password: { kind: 'missing' },
      words: { kind: 'missing' },
    }));
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
