import { z } from 'zod';
import { HoldfastError } from '../common/errors.ts';
import { removeFile } from './atomic-file.ts';
import type { Home } from './home.ts';
import { stateFile } from './state-file.ts';

const session = z.object({ token: z.string(), expiresAt: z.number() });

export interface SessionFile {
  /** The last token, if it is still good for a while. */
  read(now: number): string | null;
  write(token: string, expiresAt: number): void;
  remove(): void;
}

const margin = 60_000;

/**
 * The server's session between two commands, so that not each of them signs in. Only where the device's keys, which are
 * worth more, lie in the same home unlocked; else (`isKept` false) nothing is kept.
 */
export function sessionFile(home: Home, isKept: boolean): SessionFile {
  const file = stateFile(home.sessionFile, 1, session);
  return {
    read: (now) => {
      if (!isKept) return null;
      try {
        const found = file.read();
        return found !== null && found.expiresAt - margin > now ? found.token : null;
      } catch (error) {
        if (error instanceof HoldfastError) return null;
        throw error;
      }
    },
    write: (token, expiresAt) => {
      if (isKept) file.write({ token, expiresAt });
    },
    remove: () => removeFile(home.sessionFile),
  };
}
