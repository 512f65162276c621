import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { parseHistory } from './history.ts';
import { runHistory } from './run-history.ts';
import { shrink } from './shrink.ts';
import { type SeedReport, sweep } from './sweep.ts';

const usage = `npm run sim -- --seeds N [--from S] [--jobs J]   many histories, on all cores or in so many processes
npm run sim -- --seed S [--trace]       one, as a story
npm run sim -- --file FILE [--trace]    one that is kept as JSON
npm run sim -- --seed S --shrink FILE   the shortest that still fails, written to FILE`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string' },
    file: { type: 'string' },
    trace: { type: 'boolean', default: false },
    shrink: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.help) say(usage);
else if (values.seed !== undefined || values.file !== undefined) {
  const what =
    values.file === undefined ? Number(values.seed) : parseHistory(JSON.parse(readFileSync(values.file, 'utf8')));
  const outcome = await runHistory(what, values.trace ? { story: say } : {});
  say(`${outcome.events} events in ${(outcome.time / 1000).toFixed(1)} s of virtual time`);
  for (const { oracle, message } of outcome.problems) say(`${oracle}: ${message}`);
  process.exitCode = outcome.problems.length > 0 ? 1 : 0;
  if (values.shrink !== undefined && outcome.problems.length > 0) {
    const shrunk = await shrink(outcome, say);
    mkdirSync(new URL('regressions/', import.meta.url), { recursive: true });
    writeFileSync(values.shrink, `${JSON.stringify(shrunk, null, 2)}\n`);
    say(`${shrunk.steps.length} steps, ${shrunk.devices.length} devices: ${values.shrink}`);
  }
} else {
  const onFailed = ({ seed, problems: [first] }: SeedReport): 'go on' => {
    say(`${seed} ${first?.oracle}: ${first?.message.slice(0, 300)}`);
    return 'go on';
  };
  const count = Number(values.seeds);
  const { seeds, failed, seconds } = await sweep(Number(values.from), count, onFailed, Number(values.jobs));
  say(
    `${seeds} histories in ${seconds.toFixed(1)} s: ${(seeds / seconds).toFixed(1)} a second, ${failed.length} failed`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
}
