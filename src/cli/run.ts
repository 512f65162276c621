import { Command, CommanderError } from 'commander';
import { readAppVersion } from '../app/app-version.ts';
import { failureFrom } from '../rpc/failure.ts';
import { type Invocation, type Options, textOption } from './command.ts';
import { commands } from './commands.ts';
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts';
import { makeOutput, type Output } from './output.ts';

const exitCodesHelp = `
Exit codes: 0 done, 1 wrong usage, 2 done but something needs you (such as issues or held operations), 3 offline,
4 not signed in or refused, 5 stopped for security, 70 bug in Holdfast.

Secrets are read from HOLDFAST_PASSWORD, HOLDFAST_NEW_PASSWORD and HOLDFAST_RECOVERY, or asked for on a terminal; they are
never taken from arguments. HOLDFAST_KEY_PASSPHRASE, if it is set, encrypts this device's keys.`;

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
  const program = makeProgram(around, output);
  const name = commandWord(words);
  let code: ExitCode = exitCode.done;
  for (const [each, [summary, load]] of Object.entries(commands)) {
    const command = program.command(each).description(summary).showHelpAfterError(helpHint(each)).exitOverride();
    if (each !== name) continue;
    const { define } = await load();
    define(command, (action) => {
      command.action(async (...given: unknown[]) => {
        const options: Options = command.optsWithGlobals();
        const args = given.slice(0, command.registeredArguments.length).filter((word) => typeof word === 'string');
        code = await action(await invocationOf(options, around, output), options, args);
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

function makeProgram({ stdout, stderr }: Surroundings, output: Output): Command {
  return new Command('holdfast')
    .description('End-to-end encrypted folder sync')
    .option(
      '--home <folder>',
      "the folder with this device's state (default: $HOLDFAST_HOME, or the system's place for it)",
    )
    .option('--json', 'print one JSON document on stdout')
    .option('--debug', 'print details when something fails')
    .option('--version', 'print the version of this program')
    .on('option:version', () => {
      const version = readAppVersion();
      output.result({ version }, () => version);
      throw new CommanderError(0, 'commander.version', '');
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodesHelp)
    .helpCommand(true)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => (output.isJson ? undefined : stderr.write(text)),
      outputError: (text, write) => write(text.replace(/^error: /, 'holdfast: ')),
    })
    .showHelpAfterError(helpHint(null))
    .exitOverride();
}
async function invocationOf(options: Options, { env, cwd }: Surroundings, output: Output): Promise<Invocation> {
  const { chooseHomeFolder } = await import('../app/home/home.ts');
  const { explaining } = await import('../app/home/errno.ts');
  return {
    output,
    homeFolder: chooseHomeFolder(textOption(options, 'home'), env),
    environment: env,
    // A terminal may stand in a folder that is gone.
    workingFolder: explaining('The folder in which this was started cannot be used', cwd),
  };
}

/** The first word that is a command and no option's value. */
function commandWord(words: readonly string[]): string | null {
  const at = words.findIndex((word, i) => words[i - 1] !== '--home' && Object.hasOwn(commands, word));
  return words[at] ?? null;
}

/** The words without their request for help, where the command does not exist: whoever mistyped its name is told so. */
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
