import { Command, CommanderError } from 'commander';
import { readAppVersion } from '../app/app-version.ts';
import { failureFrom } from '../rpc/failure.ts';
import type { Define, Invocation, Options } from './command.ts';
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts';
import { makeOutput, type Output } from './output.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Only the command that runs is loaded. */
  readonly load: () => Promise<{ readonly define: Define }>;
}

const entries: readonly Entry[] = [
  { name: 'serve', summary: 'Run the storage server', load: () => import('./serve.ts') },
  { name: 'signup', summary: 'Make an account; prints the recovery words once', load: () => import('./signup.ts') },
  { name: 'login', summary: 'Add this device to your account, with the password', load: () => import('./login.ts') },
  {
    name: 'recover',
    summary: 'Add this device with the recovery words, and set a new password',
    load: () => import('./recover.ts'),
  },
  { name: 'change-password', summary: 'Set a new password', load: () => import('./change-password.ts') },
  {
    name: 'change-words',
    summary: 'Make new recovery words; prints them once',
    load: () => import('./change-words.ts'),
  },
  {
    name: 'change-server',
    summary: 'Go on with the account where its server is now',
    load: () => import('./change-server.ts'),
  },
  { name: 'devices', summary: 'List the devices of the account', load: () => import('./devices.ts') },
  {
    name: 'remove-device',
    summary: 'Take another device out of the account',
    load: () => import('./remove-device.ts'),
  },
  { name: 'logout', summary: 'Take this device out of the account; files stay', load: () => import('./logout.ts') },
  {
    name: 'delete-account',
    summary: 'Delete the account and all that its server stores of it, for good',
    load: () => import('./delete-account.ts'),
  },
  { name: 'add', summary: 'Sync a folder with a vault, made if it does not exist', load: () => import('./add.ts') },
  { name: 'vaults', summary: 'List the vaults of the account', load: () => import('./vaults.ts') },
  {
    name: 'delete-vault',
    summary: 'Delete a vault and all that its server stores of it, for good; files stay',
    load: () => import('./delete-vault.ts'),
  },
  { name: 'pairs', summary: 'List the synced folders of this device', load: () => import('./pairs.ts') },
  { name: 'remove', summary: 'Stop syncing a folder; files stay', load: () => import('./remove.ts') },
  { name: 'plan', summary: 'Show what a sync would do, and change nothing', load: () => import('./plan.ts') },
  { name: 'sync', summary: 'Sync until nothing is left to do, then end', load: () => import('./sync.ts') },
  { name: 'daemon', summary: 'Stay, watch and sync', load: () => import('./daemon.ts') },
  { name: 'open', summary: 'Print an address of the running window, for a browser', load: () => import('./open.ts') },
  { name: 'status', summary: 'Show what is going on', load: () => import('./status.ts') },
  { name: 'pause', summary: 'Pause syncing, for a while or until `resume`', load: () => import('./pause.ts') },
  { name: 'resume', summary: 'Go on after a pause', load: () => import('./resume.ts') },
  { name: 'stop', summary: 'End the daemon', load: () => import('./stop.ts') },
  { name: 'ls', summary: 'List what a vault holds', load: () => import('./ls.ts') },
  { name: 'versions', summary: 'List the versions of a file', load: () => import('./versions.ts') },
  { name: 'restore', summary: 'Bring back what was deleted, or an older version', load: () => import('./restore.ts') },
  { name: 'undo', summary: 'Undo one batch of changes', load: () => import('./undo.ts') },
  { name: 'activity', summary: 'Show what happened', load: () => import('./activity.ts') },
  { name: 'trash', summary: 'List what was deleted and can be restored', load: () => import('./trash.ts') },
  {
    name: 'empty-trash',
    summary: 'Remove what the trash of this computer holds from its disk',
    load: () => import('./empty-trash.ts'),
  },
  {
    name: 'deselect',
    summary: 'Leave a folder of the vault off this device; others keep it',
    load: () => import('./deselect.ts'),
  },
  { name: 'select', summary: 'Bring back what was deselected', load: () => import('./select.ts') },
  { name: 'issues', summary: 'List what needs you', load: () => import('./issues.ts') },
  { name: 'resolve', summary: 'Decide about an issue', load: () => import('./resolve.ts') },
  { name: 'why', summary: 'Explain the state of a file or folder', load: () => import('./why.ts') },
  {
    name: 'verify',
    summary: 'Check that everything in the vaults is there and authentic',
    load: () => import('./verify.ts'),
  },
  {
    name: 'settings',
    summary: 'Show or change settings, such as bandwidth limits',
    load: () => import('./settings.ts'),
  },
  {
    name: 'rescue',
    summary: "Get all files back from a copy of the server's data, with the recovery words alone",
    load: () => import('./rescue.ts'),
  },
  { name: 'doctor', summary: 'Check this device and its surroundings', load: () => import('./doctor.ts') },
];

const exitCodesHelp = `
Exit codes: 0 done, 1 usage, 2 done but with issues or held operations, 3 offline, 4 not signed in or refused,
5 security stop, 70 bug in Holdfast.

Secrets are read from HOLDFAST_PASSWORD, HOLDFAST_NEW_PASSWORD and HOLDFAST_RECOVERY, or asked for on a terminal; never
from arguments. HOLDFAST_KEY_PASSPHRASE, where it is set, seals this device's keys.`;

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  cwd(): string;
}

/** Runs one command and gives its exit code. Never rejects. */
export async function runCommandLine(words: readonly string[], around: Surroundings): Promise<ExitCode> {
  const isDebug = words.includes('--debug');
  const output = makeOutput(words.includes('--json'), around.stdout, around.stderr);
  try {
    return await parseAndRun(words, around, output);
  } catch (error) {
    if (error instanceof CommanderError) return usageFailure(error, commandWord(words), output);
    const failure = failureFrom(error);
    if (failure.kind === 'bug') {
      const message = error instanceof Error && isDebug ? (error.stack ?? error.message) : failure.message;
      output.failure({ ...failure, message, hint: 'This is a bug in Holdfast. Run the command again with --debug.' });
    } else {
      output.failure(failure);
      if (isDebug && error instanceof Error) output.note(debugText(error));
    }
    return exitCodeOf(failure.kind);
  }
}

async function parseAndRun(words: readonly string[], around: Surroundings, output: Output): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const program = new Command('holdfast')
    .description('End-to-end encrypted folder sync')
    .option('--home <folder>', "all of this device's state (default: HOLDFAST_HOME, or the system's place)")
    .option('--json', 'one JSON document on stdout')
    .option('--debug', 'say more when something fails')
    .option('--version', 'the version of this program')
    .on('option:version', () => {
      const version = readAppVersion();
      output.result({ version }, () => version);
      throw new CommanderError(0, 'commander.version', '');
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodesHelp)
    .helpCommand(true)
    .configureOutput({
      writeOut: (text) => around.stdout.write(text),
      writeErr: (text) => (output.isJson ? undefined : around.stderr.write(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'holdfast: ')),
    })
    .showHelpAfterError(helpHint(null))
    .exitOverride();

  const name = commandWord(words);
  for (const entry of entries) {
    const command = program
      .command(entry.name)
      .description(entry.summary)
      .showHelpAfterError(helpHint(entry.name))
      .exitOverride();
    if (entry.name !== name) continue;
    const { define } = await entry.load();
    define(command, (action) => {
      command.action(async (...given: unknown[]) => {
        const options = command.optsWithGlobals() as Options;
        const args = given.slice(0, command.registeredArguments.length);
        const { chooseHomeFolder } = await import('../app/home/home.ts');
        const { explaining } = await import('../app/home/errno.ts');
        // A terminal may stand in a folder that is gone.
        const workingFolder = explaining('The folder in which this was started cannot be used', around.cwd);
        const invocation: Invocation = {
          output,
          homeFolder: chooseHomeFolder(typeof options['home'] === 'string' ? options['home'] : null, around.env),
          environment: around.env,
          workingFolder,
        };
        code = await action(
          invocation,
          options,
          args.filter((word) => typeof word === 'string'),
        );
      });
    });
  }
  if (words.length === 0) {
    program.outputHelp({ error: true });
    return exitCode.usage;
  }
  await program.parseAsync(name === null ? asUnknown(words) : [...words], { from: 'user' });
  return code;
}

/** The first word that is a command and no option's value. */
function commandWord(words: readonly string[]): string | null {
  const at = words.findIndex((word, i) => words[i - 1] !== '--home' && entries.some(({ name }) => name === word));
  return words[at] ?? null;
}

/** Help is not asked of a command that does not exist: who mistyped its name is told so. */
function asUnknown(words: readonly string[]): string[] {
  const operands = words.filter((word, i) => !word.startsWith('-') && words[i - 1] !== '--home');
  const [first, second] = operands;
  const isHelp = first === 'help';
  if (first === undefined || (isHelp && second === undefined)) return [...words];
  const isAsking = (word: string): boolean => word === '--help' || word === '-h' || (isHelp && word === first);
  return words.filter((word) => !isAsking(word));
}

const helpHint = (command: string | null): string =>
  command === null ? '`holdfast --help` lists the commands.' : `\`holdfast ${command} --help\` shows how it is used.`;

function usageFailure(error: CommanderError, command: string | null, output: Output): ExitCode {
  if (error.exitCode === 0) return exitCode.done;
  if (!output.isJson) return exitCode.usage;
  const isHelp = error.code === 'commander.help';
  const message = isHelp ? 'Name a command; `--help` lists them.' : error.message.replace(/^error: /, '');
  output.failure({
    kind: 'usage',
    reason: 'arguments',
    message,
    hint: isHelp ? null : helpHint(command),
    security: null,
  });
  return exitCode.usage;
}

function debugText(error: Error): string {
  const lines = [error.stack ?? error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) lines.push(`caused by ${cause.stack}`);
  return lines.join('\n');
}
