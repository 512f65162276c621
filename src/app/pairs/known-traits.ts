import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { diskReason } from '../../common/disk-error.ts';
import type { PairId } from '../../common/ids.ts';
import type { FileSystem, VolumeTraits } from '../../local/file-system.ts';
import type { Home } from '../home/home.ts';
import { stateFile } from '../home/state-file.ts';

const volumeTraits: z.ZodType<VolumeTraits> = z.object({
  nameRules: z.object({
    isCaseSensitive: z.boolean(),
    isNormalizationSensitive: z.boolean(),
    maxLength: z.object({ unit: z.enum(['utf8', 'utf16']), length: z.int().min(1) }),
    isWindows: z.boolean(),
  }),
  hasExecBit: z.boolean(),
  mtimeStepUs: z.int().min(1),
  hasStableIds: z.boolean(),
  isLocal: z.boolean(),
});

/**
 * What the disk of a pair's folder can do. Where nothing can be tried on it now, since it is full or (as systems make one that
 * fails) read-only, it is what it was found to be before: what changed in the folder goes up all the same, and the trash of a full
 * one can be emptied.
 */
export async function knownTraits(
  fs: Pick<FileSystem, 'probeVolume'>,
  home: Home,
  pair: PairId,
): Promise<VolumeTraits> {
  const folder = home.pairFolder(pair);
  const file = stateFile(join(folder, 'disk.json'), 1, z.object({ traits: volumeTraits }));
  const known = (): VolumeTraits | null => {
    try {
      return file.read()?.traits ?? null;
    } catch {
      // It is found out anew as soon as that can be.
      return null;
    }
  };
  try {
    const traits = await fs.probeVolume();
    if (!isDeepStrictEqual(traits, known())) keep(traits);
    return traits;
  } catch (error) {
    const reason = diskReason(error);
    const before = reason === 'disk-full' || reason === 'read-only' ? known() : null;
    if (before === null) throw error;
    return before;
  }

  function keep(traits: VolumeTraits): void {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      file.write({ traits });
    } catch {
      // The home's disk is in no better state: whatever else is to be kept there says so.
    }
  }
}
