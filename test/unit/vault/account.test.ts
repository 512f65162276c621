import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { extendAccountChain } from '../../../src/crypto/account-chain.ts';
import { passwordKeys, recoveryKeys } from '../../../src/crypto/account-keys.ts';
import { encodeAccountRecord, parseAccountRecord, signAccountRecord } from '../../../src/crypto/account-record.ts';
import { openDeviceState, sealDeviceState } from '../../../src/crypto/device-state.ts';
import { hashKdf } from '../../../src/crypto/kdf.ts';
import { isLoginSigned } from '../../../src/crypto/login.ts';
import { parseRecoveryWords } from '../../../src/crypto/recovery.ts';
import { deviceKeysOf, deviceStateOf, newDeviceKeys } from '../../../src/vault/account-keys.ts';
import { checkChainEnd, openAccountChain, parseAccountPin, pinOf } from '../../../src/vault/account-pin.ts';
import { addDevice, addVault, deviceName, revokeDevice } from '../../../src/vault/account-steps.ts';
import { changePassword, changeRecoveryWords } from '../../../src/vault/change-secrets.ts';
import { createAccount, type NewAccount } from '../../../src/vault/create-account.ts';
import { freezePosition } from '../../../src/vault/freeze.ts';
import { answerLogin } from '../../../src/vault/login-proof.ts';
import type { SignedRecord } from '../../../src/vault/signed-record.ts';
import { checkOfferedKdf, unlockAccount, unlockWithDevice } from '../../../src/vault/unlock.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { nowUs, testAccount } from '../../fakes/vault-world.ts';
import { expectStop } from '../../helpers/security.ts';

// The least that F-PWD-1 allows.
const cost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };
const password = 'otter lamp river mango';
const random = seededRandom('account');
let made: NewAccount;
let unlock: Awaited<ReturnType<typeof passwordKeys>>;

beforeAll(async () => {
  made = await createAccount({ email: ' Eva@Example.org ', password, deviceName: 'Laptop', nowUs, random, cost });
  unlock = await passwordKeys(password, parseAccountRecord(made.record.body).kdf);
});

const chainOf = () => openAccountChain(made.keys.account, made.events, null);

describe('a new account', () => {
  it('consists of genesis, device and record, which verify from the bytes alone', () => {
    const chain = chainOf();
    expect(chain).toEqual(made.chain);
    expect(made.events).toHaveLength(3);
    expect([...chain.devices.keys()]).toEqual([made.device.device]);
    expect(deviceName(made.keys, chain, made.device.device)).toBe('Laptop');
    expect(parseAccountRecord(made.record.body).email).toBe('eva@example.org');
    expect(made.recoveryWords.split(' ')).toHaveLength(24);
  });

  it('[K6] refuses weak passwords and what is no address', async () => {
    const weak = createAccount({ email: 'a@b.c', password: 'Password123!', deviceName: 'x', nowUs, random, cost });
    await expect(weak).rejects.toMatchObject({ kind: 'usage', reason: 'password-weak' });
    const nobody = createAccount({ email: 'nobody', password, deviceName: 'x', nowUs, random, cost });
    await expect(nobody).rejects.toMatchObject({ kind: 'usage' });
  });

  it('opens with the password, the words, and the device, to the same keys', () => {
    const byWords = recoveryKeys(parseRecoveryWords(made.recoveryWords.toUpperCase()));
    const secret = random.bytes(32);
    const { account } = made.keys;
    const { device } = made.device;
    const box = sealDeviceState(secret, account, device, deviceStateOf(made.keys, made.device), random);
    const state = openDeviceState(secret, account, device, box);
    expect(deviceKeysOf(device, state).signing.publicKey).toEqual(made.device.signing.publicKey);
    for (const keys of [
      unlockAccount(made.record, chainOf(), 'password', unlock),
      unlockAccount(made.record, chainOf(), 'recovery', byWords),
      unlockWithDevice(made.record, chainOf(), state),
    ]) {
      expect(keys.secrets).toEqual(made.keys.secrets);
      expect(keys.masterKey).toEqual(made.keys.masterKey);
      expect(keys.identity.publicKey).toEqual(made.keys.identity.publicKey);
    }
  });
});

describe('[F-REC-1] opening an account', () => {
  const changed = (change: object, signer = made.keys.identity): SignedRecord => {
    const body = encodeAccountRecord({ ...parseAccountRecord(made.record.body), ...change });
    return { body, signature: signAccountRecord(body, signer) };
  };
  const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

  it('fails alike for a wrong password and for boxes that were touched [K1]', async () => {
    const wrong = await passwordKeys('another password', parseAccountRecord(made.record.body).kdf);
    const record = parseAccountRecord(made.record.body);
    const messages = [
      expectStop(() => unlockAccount(made.record, made.chain, 'password', wrong), 'E_AUTH'),
      ...[0, 30, 60, 103].map((at) =>
        expectStop(
          () => unlockAccount(changed({ wrapPassword: flip(record.wrapPassword, at) }), made.chain, 'password', unlock),
          'E_AUTH',
        ),
      ),
      expectStop(
        () => unlockAccount(changed({ identity: flip(record.identity, 80) }), made.chain, 'password', unlock),
        'E_AUTH',
      ),
    ].map((error) => error.message);
    expect(new Set(messages).size).toBe(1);
  });

  it('[K2] fails when boxes change slots, accounts or versions', () => {
    const { wrapRecovery } = parseAccountRecord(made.record.body);
    for (const change of [
      { wrapPassword: wrapRecovery },
      { keyVersion: 2 },
      { account: testAccount(random).keys.account },
    ]) {
      expectStop(() => unlockAccount(changed(change), made.chain, 'password', unlock), 'E_AUTH');
    }
  });

  it("fails for a signature that is not the identity key's", () => {
    expectStop(() => unlockAccount(changed({}, made.device.signing), made.chain, 'password', unlock), 'E_AUTH');
    const state = deviceStateOf(made.keys, made.device);
    const forged = changed({}, made.device.signing);
    expectStop(() => unlockWithDevice(forged, made.chain, state), 'E_AUTH');
    expectStop(() => unlockWithDevice(forged, made.chain, { ...state, masterKey: random.bytes(32) }), 'E_AUTH');
  });

  it('[K9] fails when the chain names other keys', () => {
    const other = { ...made.chain, identityKey: random.bytes(32) };
    expectStop(() => unlockAccount(made.record, other, 'password', unlock), 'E_KEYCHANGE');
    const sealing = { ...made.chain, sealingKey: random.bytes(32) };
    expectStop(() => unlockAccount(made.record, sealing, 'password', unlock), 'E_KEYCHANGE');
  });

  it('fails with the chain of another account', () => {
    const other = { ...made.chain, account: testAccount(random).keys.account };
    expectStop(() => unlockAccount(made.record, other, 'password', unlock), 'E_AUTH');
  });

  it('fails for a record that is signed, but not the newest', () => {
    expectStop(() => unlockAccount(changed({ version: 2 }), made.chain, 'password', unlock), 'E_ROLLBACK');
    expectStop(() => unlockAccount(made.record, { ...made.chain, record: null }, 'password', unlock), 'E_ROLLBACK');
  });

  it('asks for the password when another device changed the master key', () => {
    const state = { ...deviceStateOf(made.keys, made.device), masterKey: random.bytes(32) };
    expect(() => unlockWithDevice(made.record, made.chain, state)).toThrowError(
      expect.objectContaining({ kind: 'refused', reason: 'sign-in' }),
    );
  });
});

describe('a change of secrets', () => {
  it('of the password: the new one opens, the old one and the old record do not, the words do', async () => {
    const next = 'seven quiet foxes waltz';
    const input = { keys: made.keys, chain: made.chain, record: made.record, nowUs, random, cost };
    await expect(changePassword({ ...input, password: '1234567890' })).rejects.toMatchObject({ kind: 'usage' });
    const step = await changePassword({ ...input, password: next });
    const chain = openAccountChain(made.keys.account, [...made.events, step.event], pinOf(made.chain));
    expect(chain).toEqual(step.chain);
    const keys = await passwordKeys(next, parseAccountRecord(step.record.body).kdf);
    expect(unlockAccount(step.record, chain, 'password', keys).masterKey).toEqual(made.keys.masterKey);
    expectStop(() => unlockAccount(step.record, chain, 'password', unlock), 'E_AUTH');
    expectStop(() => unlockAccount(made.record, chain, 'password', unlock), 'E_ROLLBACK');
    const words = recoveryKeys(parseRecoveryWords(made.recoveryWords));
    expect(unlockAccount(step.record, chain, 'recovery', words).account).toBe(made.keys.account);
    await expect(changePassword({ ...input, chain, password: next })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('of the recovery words: the new ones open, the old ones do not', () => {
    const step = changeRecoveryWords({ keys: made.keys, chain: made.chain, record: made.record, nowUs, random });
    const [old, fresh] = [made.recoveryWords, step.recoveryWords].map((words) =>
      recoveryKeys(parseRecoveryWords(words)),
    );
    expect(unlockAccount(step.record, step.chain, 'recovery', must(fresh)).account).toBe(made.keys.account);
    expectStop(() => unlockAccount(step.record, step.chain, 'recovery', must(old)), 'E_AUTH');
  });
});

describe('steps of the account chain', () => {
  it('add and revoke devices and add vaults, each once', () => {
    const phone = newDeviceKeys(random);
    const joined = addDevice(made.keys, made.chain, phone, 'Phone', nowUs, random);
    expect(deviceName(made.keys, joined.chain, phone.device)).toBe('Phone');
    const gone = revokeDevice(made.keys, joined.chain, phone.device, nowUs);
    expect(gone.chain.devices.get(phone.device)?.revokedAt).toBe(5);
    expect(() => revokeDevice(made.keys, gone.chain, phone.device, nowUs)).toThrowError(
      expect.objectContaining({ kind: 'missing' }),
    );
    expectStop(() => addDevice(made.keys, gone.chain, phone, 'again', nowUs, random), 'E_MEMBER');
    expectStop(() => deviceName(made.keys, made.chain, phone.device), 'missing');
    const vault = testAccount(random).keys.account as never;
    const pinned = addVault(made.keys, gone.chain, vault, new Uint8Array(32), nowUs);
    expectStop(() => addVault(made.keys, pinned.chain, vault, new Uint8Array(32), nowUs), 'E_MEMBER');
    const all = [...made.events, joined.event, gone.event, pinned.event];
    expect(openAccountChain(made.keys.account, all, pinOf(made.chain)).position).toBe(6);
  });
});

describe('[F-CHAIN-4] the pinned account chain', () => {
  it('[F-REC-3] [S11] an empty or shorter chain of a known account is a rollback', () => {
    const pin = parseAccountPin(JSON.parse(JSON.stringify(pinOf(made.chain))));
    expectStop(() => openAccountChain(made.keys.account, [], pin), 'E_ROLLBACK');
    expectStop(() => openAccountChain(made.keys.account, made.events.slice(0, 2), pin), 'E_ROLLBACK');
    checkChainEnd(pin, { seq: 3, hash: made.chain.head });
    checkChainEnd(pin, { seq: 4, hash: new Uint8Array(32) });
    expectStop(() => checkChainEnd(pin, { seq: 0, hash: new Uint8Array(32) }), 'E_ROLLBACK');
    expectStop(() => checkChainEnd(pin, { seq: 3, hash: new Uint8Array(32) }), 'E_FORK');
  });

  it('another event at a known position is a fork', () => {
    const early = extendAccountChain(null, made.keys.account, made.events.slice(0, 2));
    const other = addDevice(made.keys, early, newDeviceKeys(random), 'other', nowUs, random);
    const events = [...made.events.slice(0, 2), other.event];
    expectStop(() => openAccountChain(made.keys.account, events, pinOf(made.chain)), 'E_FORK');
  });

  it('stays frozen once it was', () => {
    const error = expectStop(() => openAccountChain(made.keys.account, [], pinOf(made.chain)), 'E_ROLLBACK');
    const frozen = parseAccountPin(JSON.parse(JSON.stringify(freezePosition(pinOf(made.chain), error, nowUs))));
    const again = expectStop(() => openAccountChain(made.keys.account, made.events, frozen), 'E_ROLLBACK');
    expect(again.reason).toBe('frozen');
  });
});

describe('[F-PWD-1] [F-PWD-2] offered parameters', () => {
  it('are refused when weak, costly, or not those of the known record', () => {
    const { kdf } = parseAccountRecord(made.record.body);
    checkOfferedKdf(kdf, null);
    checkOfferedKdf(kdf, made.record);
    expectStop(() => checkOfferedKdf({ ...kdf, memoryKiB: 8 }, null), 'E_DOWNGRADE');
    expectStop(() => checkOfferedKdf({ ...kdf, memoryKiB: 2 ** 30 }, null), 'E_LIMIT');
    expectStop(() => checkOfferedKdf({ ...kdf, memoryKiB: 128 * 1024 }, made.record), 'E_DOWNGRADE');
    expectStop(() => checkOfferedKdf({ ...kdf, salt: random.bytes(16) }, made.record), 'E_DOWNGRADE');
  });
});

describe('a login', () => {
  it('signs what the server can check, for one server, nonce, account and device', () => {
    const { kdf, passwordLogin } = parseAccountRecord(made.record.body);
    const place = {
      account: made.keys.account,
      origin: 'https://sync.example.org',
      serverNonce: random.bytes(32),
      devicePublic: made.device.signing.publicKey,
    };
    const answer = answerLogin({ method: 'password', key: unlock.login, email: 'EVA@example.org', kdf }, place, random);
    const { signature, ...said } = answer;
    const challenge = { ...said, email: 'eva@example.org', kdfHash: hashKdf(kdf) };
    expect(isLoginSigned(challenge, signature, passwordLogin)).toBe(true);
    for (const change of [{ origin: 'https://evil.example.org' }, { serverNonce: random.bytes(32) }, { email: null }]) {
      expect(isLoginSigned({ ...challenge, ...change }, signature, passwordLogin)).toBe(false);
    }
    const byDevice = answerLogin({ method: 'device', key: made.device.signing }, place, random);
    const asDevice = { ...byDevice, email: null, kdfHash: null };
    expect(isLoginSigned(asDevice, byDevice.signature, made.device.signing.publicKey)).toBe(true);
    expect(isLoginSigned({ ...asDevice, method: 'recovery' }, byDevice.signature, made.device.signing.publicKey)).toBe(
      false,
    );
  });
});
