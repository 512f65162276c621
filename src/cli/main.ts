import { takeSecrets } from '../app/account/take-secrets.ts';
import { boundHeapGrowth } from './heap-growth.ts';

const bug = 70;

/** An error that nobody caught leaves unknown state behind: say so and end at once, as in a crash, which everything is made to survive. */
function crash(error: unknown): void {
  const detail = process.argv.includes('--debug') && error instanceof Error ? `\n${error.stack}` : '';
  process.stderr.write(`holdfast: Holdfast met an unexpected error. This is a bug.${detail}\n`);
  process.exit(bug);
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

boundHeapGrowth();
const { stdout, stderr, cwd } = process;
let isUnsaid = false;
stderr.on('error', () => undefined);
stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  // A reader that went away (`| head`) is no reason to fail; a full disk is, for recovery words are said only once.
  if (code !== 'EPIPE') isUnsaid = true;
});

const [{ runCommandLine }, { exitCode }] = await Promise.all([import('./run.ts'), import('./exit-code.ts')]);
const code = await runCommandLine(process.argv.slice(2), { env: takeSecrets(process.env), stdout, stderr, cwd });
// Everything is closed and durable. To end without `exit` would take the heap apart, 10 ms of a command that has nothing to do. But
// `exit` would lose what a pipe has not taken yet.
await Promise.all([stdout, stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
if (isUnsaid) stderr.write('holdfast: The output of this command cannot be written; the disk may be full.\n');
process.exit(isUnsaid && code === exitCode.done ? exitCode.refused : code);
