import { takeSecrets } from '../app/take-secrets.ts';
import { boundHeapGrowth } from './heap-growth.ts';

const bug = 70;

/** What nobody caught leaves unknown state behind: say so and end at once, as a crash, which everything is made to survive. */
function crash(error: unknown): void {
  const detail = process.argv.includes('--debug') && error instanceof Error ? `\n${error.stack}` : '';
  process.stderr.write(`holdfast: Holdfast met an error that it does not know. This is a bug.${detail}\n`);
  process.exit(bug);
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

boundHeapGrowth();
// A reader that went away (`| head`) is no reason to fail.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const { runCommandLine } = await import('./run.ts');
const { stdout, stderr, cwd } = process;
const code = await runCommandLine(process.argv.slice(2), { env: takeSecrets(process.env), stdout, stderr, cwd });
// Everything is closed and durable. To take the heap apart, as an end without `exit` does, takes 10 ms of a command that has
// nothing to do; what a pipe has not taken yet would be lost, though.
await Promise.all([stdout, stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
process.exit(code);
