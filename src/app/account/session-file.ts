import { existsSync } from 'node:fs';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import type { DeviceId } from '../../common/ids.ts';
import { idField } from '../../rpc/fields.ts';
import { tokenField } from '../../wire/field.ts';
import { removeFile } from '../home/atomic-file.ts';
import type { Home } from '../home/home.ts';
import { stateFile } from '../home/state-file.ts';

const session = z.object({ device: idField<DeviceId>(), token: tokenField(), expiresAt: z.number() });

export interface SessionFile {
  /** The last token, if it is still good for a while. */
  read(now: number): string | null;
  write(token: string, expiresAt: number): void;
  remove(): void;
}

const margin = 60_000;

/**
 * The server's session between two commands, so that not each of them signs in. Only where the device's keys, which are
 * worth more, lie in the same home unlocked; else (`device` null) nothing is kept. One of another device, left by a sign-out
 * that was cut short, is of no use: another server would be shown it, or it would tell of another account.
 */
export function sessionFile(home: Home, device: DeviceId | null): SessionFile {
  const file = stateFile(home.sessionFile, 1, session);
  const remove = (): void => {
    if (existsSync(home.sessionFile)) removeFile(home.sessionFile);
  };
  return {
    read: (now) => {
      try {
        // Kept before the keys were locked.
        if (device === null) remove();
        const found = file.read();
        return found?.device === device && found.expiresAt - margin > now ? found.token : null;
      } catch (error) {
        if (error instanceof HoldfastError) return null;
        throw error;
      }
    },
    write: (token, expiresAt) => {
      if (device !== null) file.write({ device, token, expiresAt });
    },
    remove,
  };
}
