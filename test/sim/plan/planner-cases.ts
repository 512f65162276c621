import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deviceProperties } from '../../property/plan/device-properties.ts';
import { editProperties } from '../../property/plan/edit-properties.ts';
import { planProperties } from '../../property/plan/plan-properties.ts';

/**
 * `npm run sim:plan -- --cases N --from SEED`: the planner's properties on N random cases in all, on all cores. The first
 * failure of each property is shrunk and shown; exit code 1 then.
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    part: { type: 'string' },
  },
});
const numberOf = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${text} is not a whole number from 1`);
  return number;
};
const [cases, from, jobs] = [numberOf(values.cases), numberOf(values.from), numberOf(values.jobs)];
const properties = [...planProperties, ...editProperties, ...deviceProperties];

/** This process's share: every property, with a seed of its own. */
function tryShare(part: number): void {
  const each = Math.ceil(cases / jobs / properties.length);
  for (const { name, check } of properties) {
    const start = performance.now();
    const failure = check(each, from * 1000 + part);
    const line = `${each} cases in ${(performance.now() - start).toFixed(0)} ms: ${name}`;
    process.stdout.write(`${failure === null ? 'ok  ' : 'FAIL'} ${line}\n`);
    if (failure === null) continue;
    process.stdout.write(`${failure}\n`);
    process.exitCode = 1;
  }
}

async function tryAll(): Promise<void> {
  const start = performance.now();
  const ends = await Promise.all(
    Array.from({ length: jobs }, (_, part) => {
      const args = [fileURLToPath(import.meta.url), '--part', String(part), '--jobs', String(jobs)];
      const child = spawn(process.execPath, [...args, '--cases', String(cases), '--from', String(from)], {
        stdio: 'inherit',
      });
      return new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code === 0)));
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const tried = Math.ceil(cases / jobs / properties.length) * jobs * properties.length;
  process.stdout.write(
    `${tried} cases of ${properties.length} properties in ${seconds.toFixed(1)} s: ${Math.round(tried / seconds)} a second\n`,
  );
  if (ends.includes(false)) process.exitCode = 1;
}

if (values.part === undefined) await tryAll();
else tryShare(Number(values.part));
