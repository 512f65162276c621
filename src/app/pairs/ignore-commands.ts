import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diskReason } from '../../common/disk-error.ts';
import { HoldfastError } from '../../common/errors.ts';
import { rulesFileName } from '../../common/name.ts';
import { joinName, rootPath } from '../../common/relative-path.ts';
import type { Calls } from '../../rpc/contract.ts';
import { type Device, notSignedIn } from '../device.ts';
import { readTextFile } from '../home/atomic-file.ts';
import type { PairRecord } from '../home/config.ts';
import { choosePair } from './pair-choice.ts';

const maxLength = 65_536;

const rulesFile = joinName(rootPath, rulesFileName);

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
      if (text === '' && !existsSync(join(folder, rulesFileName))) return { text };
      await replace(folder, text, Math.floor(device.ports.clock.now()));
      return { text };
    },
  };
}

/** As whatever is replaced in a synced folder: what was there goes to its trash, and nobody ever syncs half a file. */
async function replace(folder: string, text: string, now: number): Promise<void> {
  const { openNodeFileSystem } = await import('../../local/node-file-system.ts');
  const fs = openNodeFileSystem(folder);
  try {
    const former = await fs.stat(rulesFile);
    const file = await fs.createStaged();
    try {
      await file.write(Buffer.from(text), 0);
      await file.finish({ mtimeUs: now * 1000, exec: false });
      await fs.syncStaged([file]);
      await fs.placeStaged(file, rulesFile, former, `rules-${now}`);
    } finally {
      await file.discard();
    }
    await fs.syncFolders([rootPath]);
  } catch (error) {
    const reason = diskReason(error);
    if (reason === null) throw error;
    const { message } = error as HoldfastError;
    throw new HoldfastError('io', `${rulesFileName} cannot be written: ${message}.`, { reason, cause: error });
  }
}
