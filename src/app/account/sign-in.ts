import { HoldfastError } from '../../common/errors.ts';
import type { AccountId } from '../../common/ids.ts';
import { passwordKeys, recoveryKeys } from '../../crypto/account-keys.ts';
import { isEmail, normalEmail, parseAccountRecord } from '../../crypto/account-record.ts';
import { wipe } from '../../crypto/constant-time.ts';
import type { KdfParams } from '../../crypto/kdf.ts';
import { parseRecoveryWords } from '../../crypto/recovery.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import { newDeviceKeys } from '../../vault/account-keys.ts';
import { changePassword } from '../../vault/change-secrets.ts';
import { assertStrongPassword, createAccount } from '../../vault/create-account.ts';
import type { LoginProof } from '../../vault/login-proof.ts';
import type { SignedRecord } from '../../vault/signed-record.ts';
import { checkOfferedKdf, unlockAccount } from '../../vault/unlock.ts';
import { assertRoom } from '../home/atomic-file.ts';
import { inviteFor } from '../own-server/local-server.ts';
import { parseServerUrl } from '../own-server/server-url.ts';
import { nowUs, type Ports } from '../ports.ts';
import { appendStep, extendChain, fetchChain, fetchRecord } from './account-chain-client.ts';
import type { StoredAccount } from './account-file.ts';
import { type Departed, departedFile } from './departed-file.ts';
import { join, type KnownAccount, keep } from './new-device.ts';
import { proveLogin, wrong } from './prove-login.ts';
import { withStorage } from './with-storage.ts';

/** Whom a person says to be, and where. */
export interface SignInPlace {
  readonly server: string;
  readonly email: string;
  readonly deviceName: string;
}

const wrongPassword = 'The e-mail address or the password is wrong.';
const wrongWords = 'The e-mail address or the recovery words are wrong.';

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
    cost: ports.kdfCost,
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
  const own = { keys, device, name: place.deviceName };
  const stored = await keep(ports, { ...place, server }, own, { known: { chain, events }, record });
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
    setSession(await proveLogin(api, { account, device, proof }, ports.random).catch(wrong(wrongPassword)));
    const { known, record } = await fetchAccount(api, account, departed);
    const keys = unlockAccount(record, known.chain, 'password', unlock);
    wipe(unlock.kek);
    assertOwnAddress(record, email);
    const own = { keys, device, name: place.deviceName };
    return keep(ports, { ...place, server }, own, await join(ports, api, own, { known, record }));
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
    setSession(await proveLogin(api, { account, device, proof }, ports.random).catch(wrong(wrongWords)));
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
        const change = { keys, chain, record, nowUs: nowUs(ports.clock), random: ports.random };
        return changePassword({ ...change, password: newPassword, cost: ports.kdfCost });
      },
      (step) => api.putRecord(step.record, step.event),
    );
    const own = { keys, device, name: place.deviceName };
    const latest = { known: changed.known, record: changed.step.record };
    return keep(ports, { ...place, server }, own, await join(ports, api, own, latest));
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

async function fetchAccount(api: StorageApi, account: AccountId, departed: Departed | null): Promise<KnownAccount> {
  return fetchRecord(api, await fetchChain(api, account, departed?.pin ?? null));
}
