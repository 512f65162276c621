import { systemClock } from '../../src/app/system-clock.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { openIndex } from '../../src/db/open-index.ts';
import type { LocalContext } from '../../src/engine/context.ts';
import type { FileSystem } from '../../src/local/file-system.ts';
import { makeIgnoreRules } from '../../src/local/ignore-rules.ts';
import { isDiverged } from '../../src/plan/diverged.ts';

/** What a look at the disk works with, on an index in memory that knows nothing yet. */
export async function localContext(fs: FileSystem): Promise<LocalContext> {
  const traits = await fs.probeVolume();
  return {
    index: openIndex(':memory:', { rules: traits.nameRules, isDiverged }),
    fs,
    traits,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    ignore: makeIgnoreRules(),
  };
}
