import { z } from 'zod';
import { type AccountPin, parseAccountPin } from '../../vault/account-pin.ts';
import type { SignedRecord } from '../../vault/signed-record.ts';
import type { Home } from '../home/home.ts';
import { stateFile, storedBytes } from '../home/state-file.ts';

const departed = z.object({
  server: z.string(),
  email: z.string(),
  pin: z.unknown().transform((value): AccountPin => parseAccountPin(value)),
  record: z.object({ body: storedBytes, signature: storedBytes }),
});

/** What this device had verified of an account when it signed out, so that signing in again cannot be answered with less. */
export interface Departed {
  readonly server: string;
  readonly email: string;
  readonly pin: AccountPin;
  readonly record: SignedRecord;
}

export interface DepartedFile {
  find(server: string, email: string): Departed | null;
  remember(account: Departed): void;
  /** For an account that its person has deleted. */
  forget(account: Pick<Departed, 'server' | 'email'>): void;
}

const maxAccounts = 32;

export function departedFile(home: Home): DepartedFile {
  const file = stateFile(home.departedFile, 1, z.object({ accounts: z.array(departed) }));
  const isSame = (a: Departed, server: string, email: string): boolean => a.server === server && a.email === email;
  const othersThan = ({ server, email }: Pick<Departed, 'server' | 'email'>): Departed[] =>
    (file.read()?.accounts ?? []).filter((known) => !isSame(known, server, email));
  return {
    find: (server, email) => file.read()?.accounts.find((known) => isSame(known, server, email)) ?? null,
    remember: ({ server, email, pin, record }) => {
      const others = othersThan({ server, email });
      file.write({ accounts: [{ server, email, pin, record }, ...others].slice(0, maxAccounts) });
    },
    forget: (account) => file.write({ accounts: othersThan(account) }),
  };
}
