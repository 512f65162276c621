import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rescueAccount } from '../../../src/app/rescue/rescue-account.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { newId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { plantedName, readTreeOf } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { dice } from '../../sim/random.ts';
import { mustConverge } from '../harness/scene.ts';
import type { HostileWorld } from '../harness/world.ts';
import { check, inTime, type Played, Problem, playing } from './checks.ts';
import { contentBook } from './content-book.ts';
import { editFiles } from './edit-files.ts';
import { changeStore } from './wrong-store.ts';

const copies = 4;

/** A copy of what a server has stored, changed, and the rescue that reads it: nothing is written that no device wrote. */
export const playRescue = (world: HostileWorld, seed: number): Promise<Played> =>
  playing(async (story) => {
    const draw = dice(seed, 'rescue');
    const book = contentBook();
    const name = `${plantedName} ${newId(systemRandom)}`;
    const author = await world.author.pair(name);
    for (let n = 0; n < 3; n++) {
      editFiles(draw, book, author.files, 'author', 3);
      await mustConverge(author, 'the author');
    }
    for (let n = 0; n < copies; n++) {
      const folder = await tempFolder('copy');
      const dataDir = join(folder, 'data');
      cpSync(world.dataDir, dataDir, { recursive: true, filter: (path) => path !== join(world.dataDir, 'lock') });
      const done = changeStore(draw, dataDir);
      story.push(`${n}: ${done.join(', ')}`);
      const outDir = join(folder, 'out');
      const options = { dataDir, outDir, words: world.words, withDeleted: true, withVersions: draw.chance(0.5) };
      try {
        const { problems, vaults } = await inTime(rescueAccount(options), `rescue ${n}`);
        for (const { message } of problems)
          check(!/\p{Cc}|undefined|\[object|NaN/u.test(message), 'unfit to be shown', message);
        const own = vaults.find((vault) => vault.name === name);
        const found = own === undefined ? {} : readTreeOf(join(outDir, own.folder));
        const strangers = Object.entries(found).filter(
          ([path, content]) => !path.endsWith('/') && !book.knows(content),
        );
        check(strangers.length === 0, `rescue ${n}: nobody wrote`, strangers);
      } catch (error) {
        story.push(String(error));
        if (error instanceof Problem) throw error;
        const isExpected = error instanceof HoldfastError && error.kind !== 'bug';
        check(isExpected, `rescue ${n} fails`, String((error as Error)?.stack ?? error));
      }
      check(String(readdirSync(folder).sort()).startsWith('data'), 'something is beside the output');
    }
    return 'converged';
  });
