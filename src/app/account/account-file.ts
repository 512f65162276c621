import { z } from 'zod';
import type { AccountId, DeviceId, VaultId } from '../../common/ids.ts';
import { idField } from '../../rpc/fields.ts';
import type { SignedIn } from '../../rpc/home-report.ts';
import { type AccountPin, parseAccountPin } from '../../vault/account-pin.ts';
import { removeFile } from '../home/atomic-file.ts';
import type { Home } from '../home/home.ts';
import { stateFile, storedBytes } from '../home/state-file.ts';

const storedAccount = z.object({
  server: z.string(),
  email: z.string(),
  account: idField<AccountId>(),
  device: idField<DeviceId>(),
  deviceName: z.string(),
  /** `device-state` box, sealed under the keychain's secret. */
  deviceState: storedBytes,
  /** The newest account record that was verified. */
  record: z.object({ body: storedBytes, signature: storedBytes }),
  /** The account chain as verified, whole; `pin` says up to where, and whether it is frozen. */
  events: z.array(z.object({ event: storedBytes, signature: storedBytes, deviceSignature: storedBytes.nullable() })),
  pin: z.unknown().transform((value): AccountPin => parseAccountPin(value)),
  /** Names of vaults as last read from their logs: to show and to find them, each time checked against the log. */
  vaultNames: z.record(z.string(), z.string()),
});

/** Who is signed in on this device, and all that it has verified of the account. */
export type StoredAccount = z.output<typeof storedAccount>;

const format = 1;

export interface AccountFile {
  /** Null if nobody is signed in. */
  read(): StoredAccount | null;
  write(account: StoredAccount): void;
  remove(): void;
}

export function accountFile(home: Home): AccountFile {
  return {
    ...stateFile(home.accountFile, format, storedAccount),
    remove: () => removeFile(home.accountFile),
  };
}

export const knownVaultName = (account: StoredAccount, vault: VaultId): string | null =>
  account.vaultNames[vault] ?? null;

/** What others are told of it. */
export const signedInOf = (stored: StoredAccount | null): SignedIn | null => {
  if (stored === null) return null;
  const { server, email, account, device, deviceName } = stored;
  return { server, email, account, device, deviceName };
};
