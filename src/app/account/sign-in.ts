import { HoldfastError, isKind } from '../../common/errors.ts';
import type { AccountId } from '../../common/ids.ts';
import { passwordKeys, recoveryKeys } from '../../crypto/account-keys.ts';
import { isEmail, normalEmail, parseAccountRecord } from '../../crypto/account-record.ts';
import { wipe } from '../../crypto/constant-time.ts';
import { sealDeviceState } from '../../crypto/device-state.ts';
import type { KdfParams } from '../../crypto/kdf.ts';
import { parseRecoveryWords } from '../../crypto/recovery.ts';
import type { Session, StorageApi } from '../../remote/storage-api.ts';
import { type AccountKeys, type DeviceKeys, deviceStateOf, newDeviceKeys } from '../../vault/account-keys.ts';
import { pinOf } from '../../vault/account-pin.ts';
import { addDevice } from '../../vault/account-steps.ts';
import { changePassword } from '../../vault/change-secrets.ts';
import { assertStrongPassword, createAccount } from '../../vault/create-account.ts';
import { answerLogin, type LoginProof } from '../../vault/login-proof.ts';
import { isPinned, ownRecord, type SignedRecord } from '../../vault/signed-record.ts';
import { checkOfferedKdf, unlockAccount, unlockWithDevice } from '../../vault/unlock.ts';
import { assertRoom } from '../home/atomic-file.ts';
import { keychainName } from '../keychain/keychain.ts';
import { inviteFor } from '../own-server/local-server.ts';
import { parseServerUrl } from '../own-server/server-url.ts';
import { nowUs, type Ports } from '../ports.ts';
import { appendStep, extendChain, fetchChain, fetchRecord, type KnownChain } from './account-chain-client.ts';
import { accountFile, type StoredAccount } from './account-file.ts';
import { type Departed, departedFile } from './departed-file.ts';

/** Whom a person says to be, and where. */
export interface SignInPlace {
  readonly server: string;
  readonly email: string;
  readonly deviceName: string;
}

/** The chain, and the record that it names as its newest. */
interface KnownAccount {
  readonly known: KnownChain;
  readonly record: SignedRecord;
}

/** Bytes that a signed-in home takes, about. */
const roomNeeded = 64 * 1024;

/** A device whose keys cannot be kept must not join: a new account's recovery words would be gone with what was to show them. */
async function assertKeepable({ home, keychain }: Ports): Promise<void> {
  assertRoom(home.accountFile, roomNeeded);
  try {
    await keychain.write('trial', new Uint8Array(32));
    await keychain.remove('trial');
  } catch (cause) {
    if (cause instanceof HoldfastError && cause.kind !== 'bug') throw cause;
    throw new HoldfastError('refused', 'The keychain of this computer does not take the keys of this device.', {
      reason: 'keychain',
      hint: 'Nothing was changed. Allow Holdfast to use the keychain, then try again.',
      cause,
    });
  }
}

/** Makes an account with this device as its first. The 24 words are in no other place from then on. */
export async function signUp(
  ports: Ports,
  place: SignInPlace,
  password: string,
): Promise<{ readonly stored: StoredAccount; readonly recoveryWords: string }> {
  const server = parseServerUrl(place.server);
  await assertKeepable(ports);
  const made = await createAccount({
    email: checkedEmail(place.email),
    password,
    deviceName: place.deviceName,
    nowUs: nowUs(ports.clock),
    random: ports.random,
    ...(ports.kdfCost === undefined ? {} : { cost: ports.kdfCost }),
  });
  const { chain, events, record, keys, device } = made;
  await withStorage(ports, server, async (api) => {
    try {
      await api.signup({ record, events, ...inviteFor(ports.home, server) });
    } catch (error) {
      throw isReason(error, 'email-taken')
        ? new HoldfastError('refused', 'There is already an account with this e-mail address on that server.', {
            reason: 'email-taken',
            hint: 'Use `login` to add this device to it, or `recover` if the password is lost.',
          })
        : error;
    }
  });
  const stored = await keep(ports, { ...place, server }, keys, device, { known: { chain, events }, record });
  return { stored, recoveryWords: made.recoveryWords };
}

/** Adds this device to an account, with the account's password. */
export async function logIn(ports: Ports, place: SignInPlace, password: string): Promise<StoredAccount> {
  const server = parseServerUrl(place.server);
  await assertKeepable(ports);
  const email = checkedEmail(place.email);
  return withStorage(ports, server, async (api, setSession) => {
    const { account, kdf } = await api.prelogin(email);
    const departed = departedFile(ports.home).find(server, email);
    assertSameAccount(departed, account);
    assertKnownKdf(kdf, departed);
    const unlock = await passwordKeys(password, kdf);
    const device = newDeviceKeys(ports.random);
    const proof: LoginProof = { method: 'password', key: unlock.login, email, kdf };
    setSession(await logInAt(ports, api, account, proof, device, 'The e-mail address or the password is wrong.'));
    const { known, record } = await fetchAccount(api, account, departed);
    const keys = unlockAccount(record, known.chain, 'password', unlock);
    wipe(unlock.kek);
    assertOwnAddress(record, email);
    const joined = await join(ports, api, keys, device, { known, record }, place.deviceName);
    return keep(ports, { ...place, server }, keys, device, joined);
  });
}

/** Adds this device to an account with its recovery words, and gives the account a new password. The words stay valid. */
export async function recoverAccount(
  ports: Ports,
  place: SignInPlace,
  words: string,
  newPassword: string,
): Promise<StoredAccount> {
  const server = parseServerUrl(place.server);
  await assertKeepable(ports);
  const email = checkedEmail(place.email);
  assertStrongPassword(newPassword, email);
  const recoveryKey = parseRecoveryWords(words);
  const unlock = recoveryKeys(recoveryKey);
  wipe(recoveryKey);
  return withStorage(ports, server, async (api, setSession) => {
    const { account } = await api.prelogin(email);
    const departed = departedFile(ports.home).find(server, email);
    assertSameAccount(departed, account);
    const device = newDeviceKeys(ports.random);
    const proof: LoginProof = { method: 'recovery', key: unlock.login };
    setSession(
      await logInAt(ports, api, account, proof, device, 'The e-mail address or the recovery words are wrong.'),
    );
    const { known, record: former } = await fetchAccount(api, account, departed);
    const keys = unlockAccount(former, known.chain, 'recovery', unlock);
    wipe(unlock.kek);
    assertOwnAddress(former, email);

    let record = former;
    const changed = await appendStep(
      (current) => extendChain(api, current),
      known,
      async ({ chain }) => {
        if (chain !== known.chain) record = (await api.getRecord()).record;
        const cost = ports.kdfCost === undefined ? {} : { cost: ports.kdfCost };
        const change = { keys, chain, record, nowUs: nowUs(ports.clock), random: ports.random };
        return changePassword({ ...change, password: newPassword, ...cost });
      },
      (step) => api.putRecord(step.record, step.event),
    );
    const latest = { known: changed.known, record: changed.step.record };
    const joined = await join(ports, api, keys, device, latest, place.deviceName);
    return keep(ports, { ...place, server }, keys, device, joined);
  });
}

function checkedEmail(text: string): string {
  const email = normalEmail(text);
  if (!isEmail(email)) {
    throw new HoldfastError('usage', 'This is not an e-mail address.', { reason: 'email' });
  }
  return email;
}

const isReason = (error: unknown, reason: string): boolean => error instanceof HoldfastError && error.reason === reason;

/** A server that answers with another account for an address that this device knows has swapped it (F-REC-3). */
function assertSameAccount(departed: Departed | null, account: AccountId): void {
  if (departed === null || departed.pin.account === account) return;
  throw new HoldfastError('security', 'The server shows another account for this address than this device has seen.', {
    security: 'E_ROLLBACK',
    reason: 'account-replaced',
  });
}

/** F-REC-4: which account an address is of is only said; a person's own other one, of the same password, opens as well. */
function assertOwnAddress({ body }: SignedRecord, email: string): void {
  if (parseAccountRecord(body).email === email) return;
  throw new HoldfastError('security', 'The server gave the account of another address.', {
    security: 'E_AUTH',
    reason: 'account-replaced',
  });
}

/** F-PWD-2 holds for who has signed out, too: then only the recovery words can tell a new password from a lie. */
function assertKnownKdf(kdf: KdfParams, departed: Departed | null): void {
  checkOfferedKdf(kdf, null);
  try {
    checkOfferedKdf(kdf, departed?.record ?? null);
  } catch (cause) {
    const message =
      'The password was changed on another device, or the server would weaken it; this device cannot tell which. Use the recovery words here.';
    throw new HoldfastError('security', message, {
      security: 'E_DOWNGRADE',
      reason: 'kdf-changed',
      hint: '`recover` takes the words and a new password.',
      cause,
    });
  }
}

/** Work with a server that this device is not signed in at. */
export async function withStorage<T>(
  ports: Ports,
  server: string,
  work: (api: StorageApi, setSession: (session: Session) => void) => Promise<T>,
): Promise<T> {
  let token: string | null = null;
  const api = await ports.connect(server, {
    token: () => token,
    renew: () => Promise.reject(new HoldfastError('refused', 'The server ended the session; try again.')),
  });
  try {
    return await work(api, (session) => {
      token = session.token;
    });
  } finally {
    await api.close();
  }
}

export async function logInAt(
  ports: Ports,
  api: StorageApi,
  account: AccountId,
  proof: LoginProof,
  device: DeviceKeys,
  wrong: string,
): Promise<Session> {
  const serverNonce = await api.challenge();
  const place = { account, origin: api.origin, serverNonce, devicePublic: device.signing.publicKey };
  try {
    return await api.login(answerLogin(proof, place, ports.random));
  } catch (error) {
    if (!isKind(error, 'refused') || error.reason !== 'login') throw error;
    throw new HoldfastError('refused', wrong, { reason: 'login' });
  }
}

async function fetchAccount(api: StorageApi, account: AccountId, departed: Departed | null): Promise<KnownAccount> {
  return fetchRecord(api, await fetchChain(api, account, departed?.pin ?? null));
}

async function join(
  { clock, random }: Ports,
  api: StorageApi,
  keys: AccountKeys,
  device: DeviceKeys,
  { known, record: former }: KnownAccount,
  name: string,
): Promise<KnownAccount> {
  let record = former;
  const joined = await appendStep(
    (current) => extendChain(api, current),
    known,
    async ({ chain }) => {
      if (!isPinned(record, chain)) {
        // Another device changed it meanwhile: without the newest the keys would not open at the next start.
        ({ record } = await api.getRecord());
        ownRecord(record, chain);
        unlockWithDevice(record, chain, deviceStateOf(keys, device));
      }
      return addDevice(keys, chain, device, name, nowUs(clock), random);
    },
    ({ event }) => api.appendEvent(event),
  );
  return { known: joined.known, record };
}

/** Stores what the next start needs. The secret goes first: sealed keys without it would be lost. */
async function keep(
  { home, keychain, random }: Ports,
  place: SignInPlace,
  keys: AccountKeys,
  device: DeviceKeys,
  { known: { chain, events }, record }: KnownAccount,
): Promise<StoredAccount> {
  const secret = random.bytes(32);
  await keychain.write(keychainName, secret);
  const stored: StoredAccount = {
    server: place.server,
    email: normalEmail(place.email),
    account: keys.account,
    device: device.device,
    deviceName: place.deviceName,
    deviceState: sealDeviceState(secret, keys.account, device.device, deviceStateOf(keys, device), random),
    record: { body: record.body, signature: record.signature },
    events: [...events],
    pin: pinOf(chain),
    vaultNames: {},
  };
  wipe(secret);
  accountFile(home).write(stored);
  return stored;
}
