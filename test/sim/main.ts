import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseHistory } from './history.ts';
import { runHistory } from './run-history.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    file: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const story = values.trace ? { story: say } : {};
if (values.seed !== undefined || values.file !== undefined) {
  const what =
    values.file === undefined ? Number(values.seed) : parseHistory(JSON.parse(readFileSync(values.file, 'utf8')));
  const { problems, events, time } = await runHistory(what, story);
  say(`${events} events in ${(time / 1000).toFixed(1)} s of virtual time`);
  for (const { oracle, message } of problems) say(`${oracle}: ${message}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} else {
  const from = Number(values.from);
  const start = performance.now();
  const kinds = new Map<string, number[]>();
  for (let seed = from; seed < from + Number(values.seeds); seed++) {
    const { problems } = await runHistory(seed);
    const [first] = problems;
    if (first === undefined) continue;
    say(`${seed} ${first.oracle}: ${first.message.slice(0, 300)}`);
    kinds.set(first.oracle, [...(kinds.get(first.oracle) ?? []), seed]);
  }
  const seconds = (performance.now() - start) / 1000;
  say(`${values.seeds} histories in ${seconds.toFixed(1)} s: ${(Number(values.seeds) / seconds).toFixed(1)} a second`);
  for (const [kind, seeds] of kinds) say(`${kind}: ${seeds.length}`);
}
