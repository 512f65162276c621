import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '../../common/errors.ts';
import { ownFolder, rulesFileName } from '../../common/name.ts';
import type { Calls } from '../../rpc/contract.ts';
import { type Device, notSignedIn } from '../device.ts';
import { readTextFile } from '../home/atomic-file.ts';
import type { PairRecord } from '../home/config.ts';
import { explaining } from '../home/errno.ts';
import { choosePair } from './pair-choice.ts';

const maxLength = 65_536;

/** The rules file in a pair's folder, as a person would edit it: it is seen by the watcher and syncs like any file. */
export function ignoreCommands(device: Device): Pick<Calls, 'ignore-get' | 'ignore-set'> {
  const chosen = (choice: string | null): PairRecord => {
    if (device.account() === null) throw notSignedIn();
    return choosePair(device.config().pairs, choice);
  };
  return {
    'ignore-get': async ({ pair }) => {
      const text = readTextFile(join(chosen(pair).folder, rulesFileName)) ?? '';
      if (text.length > maxLength) {
        throw new HoldfastError('limit', `${rulesFileName} is too long to be shown here.`, {
          hint: 'Open the file with an editor.',
        });
      }
      return { text };
    },
    'ignore-set': async ({ pair, text }) => {
      const { folder } = chosen(pair);
      const target = join(folder, rulesFileName);
      if (text === '' && !existsSync(target)) return { text };
      replace(folder, target, text);
      return { text };
    },
  };
}

/** Made in Holdfast's own folder, where it has one, so that nobody ever syncs half a file. */
function replace(folder: string, target: string, text: string): void {
  const own = join(folder, ownFolder);
  const temporary = join(existsSync(own) ? own : folder, `.rules.${randomBytes(8).toString('hex')}`);
  explaining(`${rulesFileName} cannot be written`, () => {
    try {
      writeFileSync(temporary, text, { flag: 'wx', flush: true });
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}
