import { describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { type AccountId, type DeviceId, newId } from '../../../src/common/ids.ts';
import { extendAccountChain, hasRevocationBetween, isLiveAt, positionOf } from '../../../src/crypto/account-chain.ts';
import {
  type AccountFact,
  encodeAccountEvent,
  hashAccountEvent,
  type SignedAccountEvent,
  signAccountEvent,
} from '../../../src/crypto/account-event.ts';
import { signingKey } from '../../../src/crypto/sign.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { expectStop } from '../../helpers/security.ts';

const random = seededRandom('account chain');
const account = newId<AccountId>(random);
const identity = signingKey(random.bytes(32));
const device = newId<DeviceId>(random);
const deviceKey = signingKey(random.bytes(32));

function events(): SignedAccountEvent[] {
  const facts: AccountFact[] = [
    { kind: 'genesis', identityKey: identity.publicKey, sealingKey: random.bytes(32) },
    {
      kind: 'device-add',
      device,
      signingKey: deviceKey.publicKey,
      sealingKey: random.bytes(32),
      name: random.bytes(90),
    },
    { kind: 'record', version: 1, hash: random.bytes(32) },
    { kind: 'device-revoke', device },
    { kind: 'record', version: 2, hash: random.bytes(32) },
  ];
  let prevHash: Uint8Array = new Uint8Array(32);
  return facts.map((fact, at) => {
    const event = encodeAccountEvent({ account, seq: at + 1, prevHash, timeUs: 0, fact });
    prevHash = hashAccountEvent(event);
    return signAccountEvent(event, identity, fact.kind === 'device-add' ? deviceKey : undefined);
  });
}

const all = events();

describe('an account chain', () => {
  const chain = extendAccountChain(null, account, all);

  it('is the same at once or piece by piece', () => {
    const [first, ...rest] = all;
    let pieces = extendAccountChain(null, account, [must(first)]);
    for (const event of rest) pieces = extendAccountChain(pieces, account, [event]);
    expect(pieces).toEqual(chain);
  });

  it('knows when a device was live', () => {
    expect([1, 2, 3, 4, 5].map((at) => isLiveAt(chain, device, at))).toEqual([false, true, true, false, false]);
    expect(isLiveAt(chain, newId(random), 3)).toBe(false);
  });

  it('says no device live at a position that it has not reached', () => {
    expect(isLiveAt(extendAccountChain(null, account, all.slice(0, 3)), device, 4)).toBe(false);
  });

  it('knows between which positions a device was revoked', () => {
    expect(hasRevocationBetween(chain, 3, 4)).toBe(true);
    expect(hasRevocationBetween(chain, 1, 3)).toBe(false);
    expect(hasRevocationBetween(chain, 4, 5)).toBe(false);
  });

  it('finds an event by its hash', () => {
    const second = must(all[1]).event;
    expect(positionOf(chain, hashAccountEvent(second))).toBe(2);
    expect(positionOf(chain, new Uint8Array(32))).toBe(null);
  });

  it('stays as it was when what follows is refused', () => {
    const short = extendAccountChain(null, account, all.slice(0, 2));
    const before = structuredClone(short);
    const forged = { ...must(all[3]), signature: new Uint8Array(64) };
    expectStop(() => extendAccountChain(short, account, [must(all[2]), forged]), 'E_AUTH');
    expect(short).toEqual(before);
  });
});

describe('[F-CHAIN-2] [K12] a device that is added', () => {
  const chain = extendAccountChain(null, account, all);
  const sealingKey = must(chain.devices.get(device)).sealingKey;
  const add = (fact: Partial<Extract<AccountFact, { kind: 'device-add' }>>, key = signingKey(random.bytes(32))) => {
    const event = encodeAccountEvent({
      account,
      seq: chain.position + 1,
      prevHash: chain.head,
      timeUs: 0,
      fact: {
        kind: 'device-add',
        device: newId<DeviceId>(random),
        signingKey: key.publicKey,
        sealingKey: random.bytes(32),
        name: random.bytes(90),
        ...fact,
      },
    });
    return extendAccountChain(chain, account, [signAccountEvent(event, identity, key)]);
  };

  it('has an id and keys of its own: a removed one does not come back, not with new keys either', () => {
    expect(add({}).devices.size).toBe(2);
    expectStop(() => add({ device }), 'E_MEMBER');
    expectStop(() => add({ sealingKey }), 'E_MEMBER');
    expectStop(() => add({}, deviceKey), 'E_MEMBER');
  });
});

it('[F-CHAIN-4] an event beyond the last that a chain may have is refused for that', () => {
  const chain = extendAccountChain(null, account, all);
  const next = (position: number) => {
    const fact = { kind: 'record', version: 3, hash: random.bytes(32) } as const;
    const event = encodeAccountEvent({ account, seq: position + 1, prevHash: chain.head, timeUs: 0, fact });
    return extendAccountChain({ ...chain, position }, account, [signAccountEvent(event, identity)]);
  };
  expect(next(16_383).position).toBe(16_384);
  expectStop(() => next(16_384), 'E_LIMIT');
});
