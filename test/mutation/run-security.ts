/**
 * Removes each security check in turn and says which ones no test misses: `npm run mutants:security [-- PART OF AN ID …]`.
 * Ends with 1 if a mutant survives that `survivors.ts` does not explain. `--jobs N` for more at a time.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

async function runTests(files: readonly string[], mutant: Mutant | null): Promise<{ failed: boolean; output: string }> {
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
  // A mutant may hang what it breaks: that is noticed too.
  const timer = setTimeout(() => child.kill('SIGKILL'), 180_000);
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return { failed: code !== 0, output };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with one.
const plainText = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

const firstFailure = (output: string): string =>
  /FAIL\s+(.+)/.exec(plainText(output))?.[1]?.replace(/^\s*(quick|whole)\s+/, '') ?? 'ended early';

async function judge(mutant: Mutant): Promise<Verdict> {
  // Not a source that cannot even be parsed: every test would fail.
  mutated(readFileSync(join(root, mutant.file), 'utf8'), mutant);
  const began = performance.now();
  let by: string | null = null;
  for (const files of stagesOf(mutant.file)) {
    const { failed, output } = await runTests(files, mutant);
    if (!failed) continue;
    by = firstFailure(output);
    break;
  }
  return { mutant, by, seconds: Math.round((performance.now() - began) / 1000) };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '1' } },
});
const chosen = securityMutants.filter(
  ({ id, file }) => positionals.length === 0 || positionals.some((part) => id.includes(part) || file.includes(part)),
);
// Whatever fails without a mutant would seem to notice each of them.
for (const stage of new Set(chosen.flatMap(({ file }) => stagesOf(file)))) {
  const { failed, output } = await runTests(stage, null);
  if (failed) throw new Error(`these tests fail as things are: ${stage.join(' ')}: ${firstFailure(output)}`);
}
const survivors: Mutant[] = [];
const queue = [...chosen];
const write = (text: string): boolean => process.stdout.write(`${text}\n`);

await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const { by, seconds } = await judge(mutant);
      const known = equivalents[mutant.id];
      if (by === null && known === undefined) survivors.push(mutant);
      const told = by ?? (known === undefined ? `SURVIVES: ${mutant.why}` : `equivalent: ${known}`);
      write(`${mutant.id.padEnd(26)} ${mutant.file.padEnd(38)} ${String(seconds).padStart(3)} s  ${told}`);
    }
  }),
);
write(`${chosen.length} mutants, ${survivors.length} survive${survivors.length === 0 ? '' : ':'}`);
for (const { id, file, why } of survivors) write(`  ${id}  ${file}  ${why}`);
process.exitCode = survivors.length === 0 ? 0 : 1;
