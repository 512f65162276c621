import { HoldfastError, isKind, must } from '../../common/errors.ts';
import type { Calls } from '../../rpc/contract.ts';
import { type Device, defaultDeviceName, notSignedIn } from '../device.ts';
import { accountFile, type StoredAccount, signedInOf } from './account-file.ts';
import { changeServer } from './change-server.ts';
import { deleteAccount } from './delete-account.ts';
import { departedFile } from './departed-file.ts';
import { logIn, recoverAccount, type SignInPlace, signUp } from './sign-in.ts';
import { forgetAccount, isOutAlready, revokeThisDevice } from './sign-out.ts';
import { markOfWords } from './unconfirmed-words.ts';

type AccountCommands = Pick<Calls, 'signup' | 'login' | 'recover' | 'change-server' | 'logout' | 'delete-account'>;

/** Who is signed in on this device, and ending that. */
export function accountCommands(device: Device): AccountCommands {
  const { ports } = device;

  const place = (input: { server: string; email: string; deviceName: string | null }): SignInPlace => {
    if (device.account() !== null) throw alreadySignedIn(device.account());
    return { server: input.server, email: input.email, deviceName: input.deviceName ?? defaultDeviceName() };
  };
  const signedIn = async (stored: StoredAccount) => {
    await device.signedIn();
    return must(signedInOf(stored));
  };

  return {
    signup: async (input) => {
      const { stored, recoveryWords } = await signUp(ports, place(input), input.password);
      device.setUnconfirmedWords(input.isAskingBack === true ? [markOfWords(stored.record)] : []);
      return { ...(await signedIn(stored)), recovery: recoveryWords };
    },
    login: async (input) => signedIn(await logIn(ports, place(input), input.password)),
    recover: async (input) => {
      const stored = await recoverAccount(ports, place(input), input.words, input.newPassword);
      // Who typed them has them.
      device.setUnconfirmedWords([]);
      return signedIn(stored);
    },
    'change-server': async ({ server }) => {
      if (device.account() === null) throw notSignedIn();
      await changeServer(device, server);
      return must(signedInOf(device.account()));
    },
    logout: async ({ isForced }) => {
      const stored = device.account();
      if (stored === null) throw notSignedIn();
      const isRevoked = await revoke(device, isForced);
      await leave(device, stored);
      return { account: stored.account, device: stored.device, isRevoked };
    },
    'delete-account': async ({ email, password }) => {
      const stored = device.account();
      if (stored === null) throw notSignedIn();
      await deleteAccount(device, email, password);
      await leave(device, stored);
      // What this device had seen of it must not stand in the way of a new one with the same address.
      departedFile(ports.home).forget(stored);
      return { account: stored.account };
    },
  };
}

async function leave(device: Device, stored: StoredAccount): Promise<void> {
  const { ports } = device;
  const latest = accountFile(ports.home).read() ?? stored;
  const pairs = device.config().pairs;
  if (pairs.length > 0 && (await canSupervise(device))) {
    const supervisor = await device.supervisor();
    for (const { pair } of pairs) await supervisor.remove(pair);
  }
  await device.signedOut();
  await forgetAccount(ports, latest);
}

async function revoke(device: Device, isForced: boolean): Promise<boolean> {
  try {
    await revokeThisDevice(device.ports, await device.session());
    return true;
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    if (isOutAlready(error) || isForced) return false;
    throw isKind(error, 'offline')
      ? new HoldfastError('offline', `This device cannot be signed out on the server: ${error.message}`, {
          reason: error.reason ?? 'offline',
          hint: 'Try again when the server can be reached, or use --force to forget the account here only.',
          cause: error,
        })
      : error;
  }
}

const canSupervise = (device: Device): Promise<boolean> =>
  device.supervisor().then(
    () => true,
    () => false,
  );

const alreadySignedIn = (stored: StoredAccount | null): HoldfastError =>
  new HoldfastError('refused', `This device is signed in already, as ${stored?.email}.`, {
    reason: 'signed-in',
    hint: 'Sign out first with `logout`, or use another --home.',
  });
