/**
 * Removes each security check in turn and says which ones no test misses: `npm run mutants:security [-- PART OF AN ID …]`.
 * Ends with 1 if a mutant survives that `survivors.ts` does not explain. `--jobs N` for more at a time. In slices:
 * `--minutes N` begins no mutant later than that, and `--verdicts FILE` keeps what was found and begins where it ended.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutantVariable, mutated } from './mutant.ts';
import { securityMutants } from './security/all.ts';
import { stagesOf } from './security/stages.ts';
import { equivalents } from './security/survivors.ts';

const root = join(import.meta.dirname, '../..');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

interface Verdict {
  readonly mutant: Mutant;
  /** The test that failed; null if none did. */
  readonly by: string | null;
  readonly seconds: number;
}

interface Run {
  readonly failed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Stopped meanwhile, the tests that wait see their time run out, whatever the mutant does. */
const stop = 5000;

async function runTests(files: readonly string[], mutant: Mutant | null, limit = 600): Promise<Run> {
  const environment = { ...process.env };
  if (mutant !== null) {
    const { file, find, replace } = mutant;
    environment[mutantVariable] = JSON.stringify({ file, find, replace });
  }
  const child = spawn(process.execPath, [vitest, 'run', '--bail=1', '--reporter=dot', '--maxWorkers=1', ...files], {
    cwd: root,
    env: environment,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const since = performance.now();
  let wasStopped = false;
  let lastTick = since;
  const watch = setInterval(() => {
    const now = performance.now();
    wasStopped ||= now - lastTick > stop;
    lastTick = now;
    // A mutant may hang what it breaks: that is noticed too.
    if (wasStopped || now - since > limit * 1000) child.kill('SIGKILL');
  }, 500);
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  clearInterval(watch);
  if (wasStopped || performance.now() - lastTick > stop) return runTests(files, mutant, limit);
  return { failed: code !== 0, output, seconds: (performance.now() - since) / 1000 };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one.
const plainText = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

const firstFailure = (output: string): string =>
  /FAIL\s+(.+)/.exec(plainText(output))?.[1]?.replace(/^\s*(quick|whole)\s+/, '') ?? 'ended early';

const sound = new Map<string, Promise<number>>();

/** How many seconds the tests take without a mutant. Whatever fails then would seem to notice each of them. */
function mustPass(stage: readonly string[]): Promise<number> {
  const key = stage.join(' ');
  const known = sound.get(key);
  if (known !== undefined) return known;
  const run = runTests(stage, null).then(({ failed, output, seconds }) => {
    if (failed) throw new Error(`these tests fail as things are: ${key}: ${firstFailure(output)}`);
    return seconds;
  });
  sound.set(key, run);
  return run;
}

/** Which tests noticed the last mutant of a source: they are asked first about the next one. */
const noticed = new Map<string, string>();

function keepNoticed(line: string): void {
  const [, file, test] = /^\S+ +(\S+) +\d+ s {2}(test\/\S+\.test\.ts)/.exec(line) ?? [];
  if (file !== undefined && test !== undefined) noticed.set(file, test);
}

async function judge(mutant: Mutant): Promise<Verdict> {
  // Not a source that cannot even be parsed: every test would fail.
  mutated(readFileSync(join(root, mutant.file), 'utf8'), mutant);
  const since = performance.now();
  let by: string | null = null;
  const likely = noticed.get(mutant.file);
  for (const files of [...(likely === undefined ? [] : [[likely]]), ...stagesOf(mutant.file)]) {
    const usual = await mustPass(files);
    const { failed, output } = await runTests(files, mutant, 60 + 20 * usual);
    if (!failed) continue;
    by = firstFailure(output);
    break;
  }
  return { mutant, by, seconds: Math.round((performance.now() - since) / 1000) };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '1' },
    minutes: { type: 'string', default: 'Infinity' },
    verdicts: { type: 'string' },
  },
});
const began = performance.now();
const isTimeLeft = (): boolean => performance.now() - began < Number(values.minutes) * 60_000;
const earlier =
  values.verdicts !== undefined && existsSync(values.verdicts) ? readFileSync(values.verdicts, 'utf8') : '';
const judged = new Map(earlier.split('\n').map((line) => [line.split(' ', 1)[0] ?? '', line]));

for (const line of judged.values()) keepNoticed(line);

const chosen = securityMutants.filter(
  ({ id, file }) => positionals.length === 0 || positionals.some((part) => id.includes(part) || file.includes(part)),
);
const queue = chosen.filter(({ id }) => !judged.has(id));
const write = (text: string): boolean => process.stdout.write(`${text}\n`);

await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let mutant = queue[0]; mutant !== undefined && isTimeLeft(); mutant = queue[0]) {
      queue.shift();
      const { by, seconds } = await judge(mutant);
      const known = equivalents[mutant.id];
      const told = by ?? (known === undefined ? `SURVIVES: ${mutant.why}` : `equivalent: ${known}`);
      const line = `${mutant.id.padEnd(26)} ${mutant.file.padEnd(38)} ${String(seconds).padStart(3)} s  ${told}`;
      judged.set(mutant.id, line);
      keepNoticed(line);
      write(line);
      if (values.verdicts !== undefined) appendFileSync(values.verdicts, `${line}\n`);
    }
  }),
);
const isSurvivor = ({ id }: Mutant): boolean => / s {2}SURVIVES: /.test(judged.get(id) ?? '') && !(id in equivalents);
const survivors = chosen.filter(isSurvivor);
if (queue.length > 0) write(`${queue.length} of ${chosen.length} mutants are left for another time`);
write(`${chosen.length - queue.length} mutants, ${survivors.length} survive${survivors.length === 0 ? '' : ':'}`);
for (const { id, file, why } of survivors) write(`  ${id}  ${file}  ${why}`);
process.exitCode = survivors.length === 0 ? 0 : 1;
