import type { Command } from 'commander';
import type { Service } from '../rpc/contract.ts';
import type { ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** What a command works with. */
export interface Invocation {
  readonly output: Output;
  readonly homeFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The folder that relative paths start from. */
  readonly workingFolder: string;
}

/** Puts the command's arguments and options on `command`; `run` is given what makes its action. */
export type Define = (command: Command, run: Run) => void;

export type Run = (
  action: (invocation: Invocation, options: Options, words: readonly string[]) => Promise<ExitCode>,
) => void;

/** Options as commander parsed them. */
export type Options = Readonly<Record<string, unknown>>;

export const textOption = (options: Options, name: string): string | null => {
  const value = options[name];
  return typeof value === 'string' ? value : null;
};

export const flag = (options: Options, name: string): boolean => options[name] === true;

/** Runs `work` with the device's service, wherever it is served, and closes it. */
export async function withService<T>(invocation: Invocation, work: (service: Service) => Promise<T>): Promise<T> {
  const { connectToHome } = await import('../app/connect.ts');
  const connection = await connectToHome(invocation.homeFolder, invocation.environment);
  try {
    return await work(connection.service);
  } finally {
    await connection.close();
  }
}
