import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { type AccountId, type DeviceId, idBytes, newId } from '../../../src/common/ids.ts';
import {
  identityKeys,
  newIdentity,
  openDeviceName,
  openIdentity,
  recoveryKeys,
  sealDeviceName,
  sealIdentity,
  unwrapMasterKey,
  wrapMasterKey,
} from '../../../src/crypto/account-keys.ts';
import { sealBox } from '../../../src/crypto/box.ts';
import { deriveKey } from '../../../src/crypto/derive.ts';
import { openDeviceState, sealDeviceState } from '../../../src/crypto/device-state.ts';
import { newRecoveryKey, parseRecoveryWords, recoveryWords } from '../../../src/crypto/recovery.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { expectStop } from '../../helpers/security.ts';

const random = seededRandom('account keys');
const account = newId<AccountId>(random);
const other = newId<AccountId>(random);
const device = newId<DeviceId>(random);
const masterKey = random.bytes(32);
const kek = random.bytes(32);

describe('the master key', () => {
  const wrap = wrapMasterKey('wrap-password', kek, account, 1, masterKey, random);

  it('comes back in its own slot, account and version only', () => {
    expect(unwrapMasterKey('wrap-password', kek, account, 1, wrap)).toEqual(masterKey);
    expectStop(() => unwrapMasterKey('wrap-recovery', kek, account, 1, wrap), 'E_AUTH');
    expectStop(() => unwrapMasterKey('wrap-password', kek, other, 1, wrap), 'E_AUTH');
    expectStop(() => unwrapMasterKey('wrap-password', kek, account, 2, wrap), 'E_AUTH');
    expectStop(() => unwrapMasterKey('wrap-password', masterKey, account, 1, wrap), 'E_AUTH');
  });

  it('comes back by the words on paper', () => {
    const key = newRecoveryKey(random);
    const { kek: paper } = recoveryKeys(parseRecoveryWords(recoveryWords(key)));
    const box = wrapMasterKey('wrap-recovery', paper, account, 1, masterKey, random);
    expect(unwrapMasterKey('wrap-recovery', recoveryKeys(key).kek, account, 1, box)).toEqual(masterKey);
  });

  it('is not the value of any other length', () => {
    const short = wrapMasterKey('wrap-password', kek, account, 1, masterKey.slice(1), random);
    expectStop(() => unwrapMasterKey('wrap-password', kek, account, 1, short), 'E_AUTH');
  });
});

describe('the identity', () => {
  it('comes back with the same public keys', () => {
    const secrets = newIdentity(random);
    const opened = openIdentity(masterKey, account, 3, sealIdentity(masterKey, account, 3, secrets, random));
    expect(opened).toEqual(secrets);
    expect(toHex(identityKeys(opened).signing.publicKey)).toBe(toHex(identityKeys(secrets).signing.publicKey));
  });

  it('does not open for another account or version', () => {
    const box = sealIdentity(masterKey, account, 1, newIdentity(random), random);
    expectStop(() => openIdentity(masterKey, other, 1, box), 'E_AUTH');
    expectStop(() => openIdentity(masterKey, account, 2, box), 'E_AUTH');
  });
});

describe("a device's name", () => {
  const secret = random.bytes(32);
  const roundTrip = (name: string): string =>
    openDeviceName(secret, account, device, sealDeviceName(secret, account, device, name, random));

  it('comes back, cut at a character if it is long', () => {
    expect(roundTrip('Ada’s laptop')).toBe('Ada’s laptop');
    expect(roundTrip('é'.repeat(100))).toBe('é'.repeat(64));
    expect(roundTrip(`a${'é'.repeat(100)}`)).toBe(`a${'é'.repeat(63)}`);
    expect(roundTrip('')).toBe('device');
    expect(roundTrip('\ud800')).toBe('\ufffd');
  });

  it('belongs to one device', () => {
    const box = sealDeviceName(secret, account, device, 'Laptop', random);
    expectStop(() => openDeviceName(secret, account, newId(random), box), 'E_AUTH');
  });
});

it('a name of no byte, or of more than 128, is none', () => {
  const secret = random.bytes(32);
  const key = deriveKey(secret, 'device-name', [idBytes(account)]);
  const open = (plain: Uint8Array) =>
    openDeviceName(
      secret,
      account,
      device,
      sealBox('device-name', key, [idBytes(account), idBytes(device)], plain, random),
    );
  expect(open(new Uint8Array(128).fill(0x61))).toHaveLength(128);
  expectStop(() => open(new Uint8Array(129).fill(0x61)), 'E_AUTH');
  expectStop(() => open(new Uint8Array(0)), 'E_AUTH');
});

describe('what a device keeps', () => {
  it('opens with the secret of its keychain, for this device', () => {
    const keychain = random.bytes(32);
    const state = { signingSeed: random.bytes(32), sealingPrivate: random.bytes(32), masterKey };
    const box = sealDeviceState(keychain, account, device, state, random);
    expect(openDeviceState(keychain, account, device, box)).toEqual(state);
    expectStop(() => openDeviceState(keychain, account, newId(random), box), 'E_AUTH');
    expectStop(() => openDeviceState(random.bytes(32), account, device, box), 'E_AUTH');
  });
});
