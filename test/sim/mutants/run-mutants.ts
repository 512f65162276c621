import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Finding } from './finding.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { work } from './try-mutant.ts';

/**
 * `npm run mutants -- --histories N --only ID,ID`: plants each bug in turn and tries until it is found: first planner cases, for those in the
 * planner, then histories. A failure counts only where the code without the bug passes. Exit code 1 if one survives.
 */
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '2000' },
    cases: { type: 'string', default: '19000' },
    from: { type: 'string', default: '3' },
    /** From one seed to the next: every third history is a harsh one, and those find most. */
    step: { type: 'string', default: '3' },
    only: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    /** Also planner bugs by histories alone. */
    'no-planner': { type: 'boolean', default: false },
  },
});
const [histories, cases] = [Number(values.histories), Number(values.cases)];
const [from, step] = [Number(values.from), Number(values.step)];
const only = values.only?.split(',');
const chosen = mutants.filter(({ id }) => only === undefined || only.includes(id));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Row {
  readonly mutant: Mutant;
  readonly found: Finding | null;
  /** Histories or planner cases up to the one that found it. */
  readonly after: number;
  readonly seconds: number;
}

const sound = new Map<string, Promise<boolean>>();
/** Whether the code as it is passes this history. */
const isSound = (seed: number): Promise<boolean> => {
  const known = sound.get(String(seed));
  if (known !== undefined) return known;
  const asked = work(null, { by: 'histories', from: seed, count: 1, step }).then(({ oracle }) => oracle === null);
  sound.set(String(seed), asked);
  return asked;
};

let plannerSound: Promise<boolean> | null = null;
const isPlannerSound = (): Promise<boolean> => {
  plannerSound ??= work(null, { by: 'planner', from, count: cases, step }).then(({ oracle }) => oracle === null);
  return plannerSound;
};

async function hunt(mutant: Mutant): Promise<Row> {
  const start = performance.now();
  const row = (found: Finding | null, after: number): Row => ({
    mutant,
    found,
    after,
    seconds: (performance.now() - start) / 1000,
  });
  if (mutant.file.startsWith('src/plan/') && !values['no-planner']) {
    const found = await work(mutant.id, { by: 'planner', from, count: cases, step });
    const isOfTheBug = found.oracle !== null && (await isPlannerSound());
    if (isOfTheBug) return row(found, found.at);
  }
  for (let done = 0; done < histories; ) {
    const found = await work(mutant.id, { by: 'histories', from: from + done * step, count: histories - done, step });
    if (found.oracle === null) break;
    done = (found.at - from) / step + 1;
    if (await isSound(found.at)) return row(found, done);
    say(`      ${mutant.id}: seed ${found.at} fails without it as well (${found.oracle})`);
  }
  return row(null, histories);
}

const lineOf = ({ mutant, found, after, seconds }: Row): string =>
  [
    found === null ? 'ALIVE' : 'found',
    mutant.id.padEnd(32),
    String(after).padStart(6),
    found === null ? '' : found.oracle === 'planner' ? 'cases    ' : 'histories',
    (found?.oracle ?? '').padEnd(10),
    `${seconds.toFixed(0).padStart(4)} s`,
    found?.message.replaceAll('\n', ' ').slice(0, 100) ?? mutant.why,
  ].join('  ');

const queue = chosen.values();
const rows: Row[] = [];
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (const mutant of queue) {
      const row = await hunt(mutant);
      rows.push(row);
      say(lineOf(row));
    }
  }),
);
const alive = rows.filter(({ found }) => found === null);
say(`${rows.length} bugs planted, ${rows.length - alive.length} found, ${alive.length} alive`);
for (const { mutant } of alive) say(`alive: ${mutant.id}: ${mutant.why}`);
if (alive.length > 0) process.exitCode = 1;
