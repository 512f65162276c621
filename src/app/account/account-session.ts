import { HoldfastError, isKind } from '../../common/errors.ts';
import type { DeviceId, VaultId } from '../../common/ids.ts';
import { isLiveAt, positionOf } from '../../crypto/account-chain.ts';
import { wipe } from '../../crypto/constant-time.ts';
import { type DeviceState, openDeviceState } from '../../crypto/device-state.ts';
import type { AccountAccess } from '../../engine/log/vault-log.ts';
import { orAborted } from '../../remote/or-aborted.ts';
import type { ChainOutcome, StorageApi } from '../../remote/storage-api.ts';
import { type AccountKeys, type DeviceKeys, deviceKeysOf } from '../../vault/account-keys.ts';
import { forked, openAccountChain, pinOf } from '../../vault/account-pin.ts';
import { type ChainStep, deviceName } from '../../vault/account-steps.ts';
import type { Author } from '../../vault/author.ts';
import { accountGone, assertNotFrozen, freezePosition, freezeScope } from '../../vault/freeze.ts';
import { isPinned, type SignedRecord } from '../../vault/signed-record.ts';
import { unlockWithDevice } from '../../vault/unlock.ts';
import { keychainName } from '../keychain/keychain.ts';
import { nowUs, type Ports } from '../ports.ts';
import { appendStep, extendChain, fetchRecord, type KnownChain } from './account-chain-client.ts';
import { accountFile, type StoredAccount } from './account-file.ts';
import { proveLogin } from './prove-login.ts';
import { sessionFile } from './session-file.ts';

/** `record`: the account record that comes with it. */
type Step = ChainStep & { readonly record?: SignedRecord };

/** The account that is signed in here, unlocked, and its server. One for all pairs of a home. */
export interface AccountSession extends AccountAccess {
  readonly stored: () => StoredAccount;
  readonly storage: StorageApi;
  readonly device: DeviceKeys;
  readonly known: () => KnownChain;
  /** Takes over a chain that this device extended by what is no account record. */
  adopt(known: KnownChain): void;
  /** Extends the chain by a step, which `make` makes again where another device was first, and takes over what came of it. */
  append<T extends Step>(
    make: (known: KnownChain) => T | Promise<T>,
    send: (step: T) => Promise<ChainOutcome>,
  ): Promise<T>;
  /** The server says that the chain is at `seq`: believed in so far as it is asked, before anything else is written. */
  hint(seq: number): void;
  /** What other devices have added since this was opened, the latest of each kind. */
  news(): { readonly device: DeviceId | null; readonly vault: VaultId | null };
  rememberVaultName(vault: string, name: string): void;
  forgetVaultName(vault: string): void;
  /** For people; an id's beginning if the name cannot be told. */
  deviceNameOf(device: DeviceId): string;
  /** Ends the connections. The sign-in stays. */
  close(): Promise<void>;
}

/**
 * Opens what `account.json` holds with the keychain's secret. Touches no network. Throws `refused` if the keys are locked or
 * gone, `corrupt` if they are damaged.
 */
export async function openAccountSession(ports: Ports, signedIn: StoredAccount): Promise<AccountSession> {
  const { home, clock, random, logger } = ports;
  const file = accountFile(home);
  const state = await openKeys(ports, signedIn);
  const device = deviceKeysOf(signedIn.device, state);
  let stored = signedIn;
  let known: KnownChain = {
    // A frozen account can still be looked at: `refresh` and `author` are what the stop is for.
    chain: openAccountChain(stored.account, stored.events, { ...stored.pin, frozen: null }),
    events: stored.events,
  };
  let keys: AccountKeys = unlockWithDevice(stored.record, known.chain, state);
  const tokens = sessionFile(home, ports.keychain.kind === 'file' ? stored.device : null);
  let token = tokens.read(clock.now());

  const storage = await ports.connect(stored.server, {
    token: () => token,
    renew: async () => {
      const proof = { method: 'device', key: device.signing } as const;
      try {
        const session = await proveLogin(storage, { account: stored.account, device, proof }, random);
        token = session.token;
        tokens.write(session.token, clock.now() + session.lifetime);
      } catch (error) {
        // An address that the server does not know for its own is no doing of this device.
        throw isKind(error, 'refused') && error.reason !== 'origin' ? signedOut(error) : error;
      }
    },
  });

  const save = (next: StoredAccount): void => {
    stored = next;
    file.write({ ...next, events: [...next.events] });
  };

  const freeze = (error: unknown): never => {
    if (isKind(error, 'security') && freezeScope(error) === 'whole') {
      logger.log('error', 'account frozen', { security: error.security });
      save({ ...stored, pin: freezePosition(stored.pin, error, nowUs(clock)) });
    }
    throw error;
  };

  /** Answers overtake each other: what this device has seen is never less than before, and a stop stays. */
  const adopt = (next: KnownChain, record: SignedRecord): void => {
    if (next === known && record === stored.record) return;
    const isOld = next.chain.position < known.chain.position;
    const [before, after] = isOld ? [next.chain, known.chain] : [known.chain, next.chain];
    if (positionOf(after, before.head) !== before.position) throw forked();
    if (isOld) return;
    known = next;
    save({ ...stored, record, events: [...next.events], pin: { ...pinOf(next.chain), frozen: stored.pin.frozen } });
  };

  /** With the record that it names: without that the keys do not open at the next start. */
  const adoptWhole = async (longer: KnownChain): Promise<void> => {
    if (isPinned(stored.record, longer.chain)) return adopt(longer, stored.record);
    const { known: next, record } = await fetchRecord(storage, longer);
    const opened = unlockWithDevice(record, next.chain, state);
    adopt(next, record);
    keys = opened;
  };

  const author = (): Author => {
    assertNotFrozen(stored.pin);
    return { account: stored.account, device: device.device, signing: device.signing, chain: known.chain };
  };

  /** What there was to hear of: the start, and each time that the server said something. How much of it was asked after. */
  let told = 1;
  let heard = 0;
  let news: ReturnType<AccountSession['news']> = { device: null, vault: null };

  const fetchNews = async (): Promise<Author> => {
    const asked = told;
    assertNotFrozen(stored.pin);
    try {
      const { chain: before } = known;
      await adoptWhole(await extendChain(storage, known));
      news = {
        device: [...known.chain.devices.keys()].findLast((each) => !before.devices.has(each)) ?? news.device,
        vault: [...known.chain.vaults.keys()].findLast((each) => !before.vaults.has(each)) ?? news.vault,
      };
    } catch (error) {
      // A proxy whose server is away answers 404 for all: that is not the server's word.
      if (isKind(error, 'missing') && error.reason !== 'http-404') throw goneAccount(error);
      return freeze(error);
    }
    heard = asked;
    if (!isLiveAt(known.chain, device.device, known.chain.position)) throw revoked();
    return author();
  };

  let fetching: Promise<Author> | null = null;
  const refresh = (): Promise<Author> => {
    fetching ??= fetchNews().finally(() => {
      fetching = null;
    });
    return fetching;
  };
  /** Others may wait for the same answer. */
  const refreshUntil = (signal?: AbortSignal): Promise<Author> =>
    signal === undefined ? refresh() : orAborted(refresh(), signal);

  return {
    get keys() {
      return keys;
    },
    device,
    storage,
    stored: () => stored,
    known: () => known,
    news: () => news,
    author,
    adopt: (next) => {
      try {
        adopt(next, stored.record);
      } catch (error) {
        freeze(error);
      }
    },
    append: async (make, send) => {
      const extend = (current: KnownChain): Promise<KnownChain> => extendChain(storage, current).catch(freeze);
      const { known: longer, step } = await appendStep(extend, known, make, send);
      try {
        if (step.record === undefined) await adoptWhole(longer);
        else adopt(longer, step.record);
      } catch (error) {
        freeze(error);
      }
      return step;
    },
    refresh: refreshUntil,
    refreshIfDue: async (signal) => {
      if (heard < told) await refreshUntil(signal);
      // That may have been asked before the server said more.
      if (heard < told) await refreshUntil(signal);
    },
    hint: (seq) => {
      if (seq > known.chain.position) told++;
    },
    rememberVaultName: (vault, name) => {
      if (stored.vaultNames[vault] !== name) save({ ...stored, vaultNames: { ...stored.vaultNames, [vault]: name } });
    },
    forgetVaultName: (vault) => {
      const { [vault]: _, ...vaultNames } = stored.vaultNames;
      save({ ...stored, vaultNames });
    },
    deviceNameOf: (id) => {
      try {
        return deviceName(keys, known.chain, id);
      } catch {
        return id.slice(0, 8);
      }
    },
    close: () => storage.close(),
  };
}

async function openKeys({ keychain }: Ports, stored: StoredAccount): Promise<DeviceState> {
  const secret = await keychain.read(keychainName);
  if (secret === null) {
    throw new HoldfastError('refused', "This device's keys are not in the keychain any more.", {
      reason: 'sign-in',
      hint: 'Sign out with `logout --force`, then sign in again.',
    });
  }
  try {
    return openDeviceState(secret, stored.account, stored.device, stored.deviceState);
  } catch (cause) {
    throw new HoldfastError('corrupt', "This device's keys cannot be opened: the keychain holds another secret.", {
      reason: 'device-keys',
      hint: 'Put the Holdfast home back from a backup, or sign out with `logout --force` and sign in again.',
      cause,
    });
  } finally {
    wipe(secret);
  }
}

const signedOut = (cause: unknown): HoldfastError =>
  new HoldfastError('refused', 'The server does not let this device in any more.', {
    reason: 'sign-in',
    hint: 'If it was removed from the account, sign out with `logout --force` and sign in again. Your files stay.',
    cause,
  });

const revoked = (): HoldfastError =>
  new HoldfastError('refused', 'This device was removed from the account.', {
    reason: 'device-revoked',
    hint: 'Sign out with `logout --force`; to use it again, sign in. Your files stay.',
  });

/** F-REC-3. Not stored: a server that was set up wrongly says the same, and nothing is believed of it meanwhile. */
const goneAccount = (cause: unknown): HoldfastError =>
  new HoldfastError('security', 'The server says that your account does not exist, though this device knows it.', {
    security: 'E_ROLLBACK',
    reason: accountGone,
    hint: 'Nothing was changed. If the server was set up anew, its data has to be put back from a backup.',
    cause,
  });
