import { join } from 'node:path';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import { fromBase64url, toBase64url } from '../../wire/base64url.ts';
import { readTextFile, removeFile } from '../home/atomic-file.ts';
import { stateFile } from '../home/state-file.ts';
import type { Keychain } from './keychain.ts';

/** The system's keychain, as far as it can seal a short text that only this user's session opens again. */
export interface SystemSeal {
  seal(plain: string): Promise<string>;
  open(sealed: string): Promise<string>;
}

export const sealedSecret = z.object({ kind: z.literal('system'), box: z.string() });

/**
 * Secrets as files that the system's keychain sealed. One that was stored in a file's own way (by a command, before) is
 * read by `fallback` and stays as it is, so that commands go on to work.
 */
export function systemKeychain(folder: string, system: SystemSeal, fallback: Keychain): Keychain {
  const path = (name: string): string => join(folder, `${name}.json`);
  const file = (name: string) => stateFile(path(name), 1, sealedSecret);
  return {
    kind: 'the system’s keychain',
    read: async (name) => {
      if (!isSealed(path(name))) return fallback.read(name);
      const found = file(name).read();
      if (found === null) return null;
      const opened = await system.open(found.box).catch((cause: unknown) => {
        throw unopened(cause);
      });
      const secret = fromBase64url(opened);
      if (secret === null)
        throw new HoldfastError('corrupt', 'The system’s keychain gave something else than the key.');
      return secret;
    },
    write: async (name, secret) => {
      file(name).write({ kind: 'system', box: await system.seal(toBase64url(secret)) });
    },
    remove: async (name) => removeFile(path(name)),
  };
}

/** Locked, or made anew since: which of them, only a person knows. */
const unopened = (cause: unknown): HoldfastError =>
  new HoldfastError('refused', "The system’s keychain does not open this device's keys.", {
    reason: 'keychain-closed',
    hint: 'Unlock it. If it was made anew, sign out with `logout --force` and sign in again. Your files stay.',
    cause,
  });

const isSealed = (path: string): boolean => /"kind":\s*"system"/.test(readTextFile(path) ?? '');
