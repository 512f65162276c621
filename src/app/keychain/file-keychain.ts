import { join } from 'node:path';
import { z } from 'zod';
import { HoldfastError, isKind } from '../../common/errors.ts';
import type { Random } from '../../common/ids.ts';
import { openBox, sealBox } from '../../crypto/box.ts';
import type { Cbor } from '../../crypto/cbor.ts';
import { wipe } from '../../crypto/constant-time.ts';
import { deriveKey } from '../../crypto/derive.ts';
import { defaultKdf, type KdfParams, kdfFields, parseKdf } from '../../crypto/kdf.ts';
import { stretchPassword } from '../../crypto/password.ts';
import { removeFile } from '../home/atomic-file.ts';
import { stateFile, storedBytes } from '../home/state-file.ts';
import type { Keychain } from './keychain.ts';
import { sealedSecret } from './system-keychain.ts';

const stored = z.discriminatedUnion('kind', [
  sealedSecret,
  z.object({ kind: z.literal('plain'), secret: storedBytes }),
  z.object({
    kind: z.literal('passphrase'),
    memoryKiB: z.number(),
    passes: z.number(),
    lanes: z.number(),
    salt: storedBytes,
    box: storedBytes,
  }),
]);

const secretLength = 32;

/**
 * Secrets as files that only their owner may read, in `folder`. With a passphrase they are sealed under it (FORMAT.md 3.2,
 * `keychain`), at Argon2id's price for each guess; a secret that was stored without one is sealed when it is next read.
 */
export function fileKeychain(folder: string, passphrase: string | null, random: Random): Keychain {
  const file = (name: string) => stateFile(join(folder, `${name}.json`), 1, stored);

  const write = async (name: string, secret: Uint8Array): Promise<void> => {
    if (passphrase === null) {
      file(name).write({ kind: 'plain', secret });
      return;
    }
    const kdf: KdfParams = { ...defaultKdf, salt: random.bytes(16) };
    const key = await passphraseKey(passphrase, kdf);
    const box = sealBox('keychain', key, place(name, kdf), secret, random);
    wipe(key);
    const { memoryKiB, passes, lanes, salt } = kdf;
    file(name).write({ kind: 'passphrase', memoryKiB, passes, lanes, salt, box });
  };

  return {
    kind: passphrase === null ? 'file' : 'file with passphrase',
    read: async (name) => {
      const found = file(name).read();
      if (found === null) return null;
      if (found.kind === 'system') {
        throw new HoldfastError('refused', "This device's keys are in the system's keychain.", {
          reason: 'system-keychain',
          hint: 'Start the Holdfast app; commands work while it runs.',
        });
      }
      if (found.kind === 'plain') {
        if (passphrase !== null) await write(name, found.secret);
        return found.secret;
      }
      if (passphrase === null) {
        throw new HoldfastError('refused', "This device's keys are locked with a passphrase.", {
          reason: 'key-passphrase',
          hint: 'Set HOLDFAST_KEY_PASSPHRASE where this or the daemon is started, and try again.',
        });
      }
      const { memoryKiB, passes, lanes, salt } = found;
      const kdf = parseKdf(['argon2id', memoryKiB, passes, lanes, salt]);
      const key = await passphraseKey(passphrase, kdf);
      try {
        return openBox('keychain', key, place(name, kdf), found.box);
      } catch (error) {
        if (!isKind(error, 'security')) throw error;
        throw new HoldfastError('refused', "The passphrase of this device's keys is wrong.", {
          reason: 'key-passphrase',
          hint: 'Set HOLDFAST_KEY_PASSPHRASE to the passphrase that was set at sign-in.',
        });
      } finally {
        wipe(key);
      }
    },
    write: (name, secret) => {
      if (secret.length !== secretLength) throw new HoldfastError('bug', 'a keychain secret has 32 bytes');
      return write(name, secret);
    },
    remove: async (name) => removeFile(join(folder, `${name}.json`)),
  };
}

const place = (name: string, kdf: KdfParams): Cbor[] => [name, kdfFields(kdf)];

async function passphraseKey(passphrase: string, kdf: KdfParams): Promise<Uint8Array> {
  const stretched = await stretchPassword(passphrase, kdf);
  const key = deriveKey(stretched, 'keychain-kek', []);
  wipe(stretched);
  return key;
}
