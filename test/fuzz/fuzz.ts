/**
 * Fuzzing of every decoder, guided by the branches that an input reaches:
 * `npm run fuzz [-- --target entry --seconds 60 --seed 1 --keep]`. Without a target all take their turns, within the seconds
 * given in total. `--keep` writes the corpus, made small, and failures into `corpus/`. Ends with 1 on a failure.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countedPlaces, counters, instrumentSources } from './instrument.ts';

instrumentSources();
// Only now: what they load is to be counted.
const [{ allTargets }, { minimised, runCampaign, shrunk }, { removeTempFolders }] = await Promise.all([
  import('./targets/all.ts'),
  import('./run-target.ts'),
  import('../helpers/temp.ts'),
]);

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keep: { type: 'boolean', default: false },
  },
});

const corpusFile = (name: string): string => join(import.meta.dirname, 'corpus', `${name}.txt`);
const readCorpus = (name: string): Uint8Array[] => {
  if (!existsSync(corpusFile(name))) return [];
  const lines = readFileSync(corpusFile(name), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => new Uint8Array(Buffer.from(line, 'base64url')));
};
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const targets = allTargets().filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) throw new Error(`there is no target ${values.target}`);
const milliseconds = (Number(values.seconds) * 1000) / targets.length;
const seed = Number(values.seed);
let failed = 0;
for (const target of targets) {
  const known = readCorpus(target.name);
  const found = await runCampaign(target, known, {
    milliseconds,
    seed,
    counters,
    places: countedPlaces,
  });
  const { runs, corpus, features, failures } = found;
  say(
    `${target.name.padEnd(18)} ${String(runs).padStart(7)} runs ${String(features).padStart(6)} features ${corpus.length} kept, ${failures.length} failures`,
  );
  for (const failure of failures) {
    const input = await shrunk(target, failure);
    say(
      `  ${String((failure.error as Error).stack ?? failure.error)
        .split('\n')
        .slice(0, 4)
        .join('\n    ')}`,
    );
    say(`  seed ${seed}, input in base64url: ${Buffer.from(input).toString('base64url').slice(0, 4000)}`);
  }
  failed += failures.length;
  if (values.keep) {
    const kept = await minimised(
      target,
      [...corpus, ...(await Promise.all(failures.map((one) => shrunk(target, one))))],
      counters,
    );
    writeFileSync(
      corpusFile(target.name),
      kept.map((input) => `${Buffer.from(input).toString('base64url')}\n`).join(''),
    );
  }
  await target.close?.();
}
say(`${countedPlaces()} places counted; ${failed} failures`);
await removeTempFolders();
process.exit(failed === 0 ? 0 : 1);
