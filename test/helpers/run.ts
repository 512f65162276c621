import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { patience, soon } from './eventually.ts';

/** The repository's root, with a slash at the end. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to stdin, which is then closed. */
  readonly input?: string;
  /** Milliseconds after which a {@link run} is killed and fails. */
  readonly within?: number;
}

export interface Finished {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Child {
  readonly pid: number;
  /** Settles when the process is gone and its output is read to the end; never rejects. */
  readonly finished: Promise<Finished>;
  /** What it has written so far. */
  output(): { stdout: string; stderr: string };
  /** The first whole line on stdout, past or to come, for which `accept` holds; rejects if the process ends before. */
  line(accept?: (line: string) => boolean, within?: number): Promise<string>;
  write(text: string): void;
  /** Sends the signal to this process alone, by its id, and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<Finished>;
  /** Sends a signal (`SIGSTOP`, `SIGCONT`, …) and does not wait. */
  signal(signal: NodeJS.Signals): void;
}

const alive = new Set<Child>();

/** Starts Node (the one of this test run: 24 or newer) with `args`; killed after the test file at the latest. */
export function startNode(args: readonly string[], options: RunOptions = {}): Child {
  return startProgram(process.execPath, args, options);
}

/** As {@link startNode}, for any program. */
export function startProgram(program: string, args: readonly string[], options: RunOptions = {}): Child {
  const inherited = Object.entries(process.env).filter(([name]) => !/^NODE_OPTIONS$|_PROXY$/i.test(name));
  const env = { ...Object.fromEntries(inherited), ...options.env };
  const child: ChildProcessWithoutNullStreams = spawn(program, args, { cwd: options.cwd ?? repository, env });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined); // it may have ended before it read everything
  if (options.input !== undefined) child.stdin.end(options.input);

  let ended = false;
  const finished = new Promise<Finished>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      ended = true;
      alive.delete(self);
      tell();
      resolve({ code, signal, stdout, stderr });
    };
    child.once('error', (error) => {
      stderr += String(error);
      if (child.pid === undefined) end(null, null);
    });
    child.once('close', end);
  });

  const self: Child = {
    pid: child.pid ?? -1,
    finished,
    output: () => ({ stdout, stderr }),
    line: (accept = () => true, within = patience) => {
      const found = new Promise<string>((resolve, reject) => {
        const look = (): void => {
          const lines = stdout.split('\n');
          if (!ended) lines.pop(); // not whole yet
          const line = lines.find((candidate) => candidate !== '' && accept(candidate));
          if (line === undefined && !ended) return;
          listeners.delete(look);
          if (line !== undefined) resolve(line);
          else reject(new Error(`the process ended before it wrote the line awaited\n${stdout}\n${stderr}`));
        };
        listeners.add(look);
        look();
      });
      return soon(found, `a line on stdout of process ${child.pid}`, within);
    },
    write: (text) => void child.stdin.write(text),
    kill: (signal = 'SIGKILL') => {
      if (!ended) child.kill(signal);
      return finished;
    },
    signal: (signal) => void child.kill(signal),
  };
  alive.add(self);
  return self;
}

/** Runs Node with `args` to its end, whatever the exit code. */
export async function runNode(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return runProgram(process.execPath, args, options);
}

/** As {@link runNode}, for any program. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = startProgram(program, args, { ...options, input: options.input ?? '' });
  const name = [program, ...args].join(' ');
  try {
    return await soon(child.finished, name, options.within ?? patience);
  } catch (error) {
    const { stdout, stderr } = await child.kill();
    throw new Error(`${name} was killed\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Kills what is still running; called after each test file by the setup. */
export async function killChildren(): Promise<void> {
  await Promise.all([...alive].map((child) => child.kill()));
}
