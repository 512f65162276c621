import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { HoldfastError } from '../common/errors.ts';
import { flag, type Options } from './command.ts';

/** The option of commands that ask before they do something for good. */
export const yesOption = (command: Command): Command => command.option('-y, --yes', 'do not ask for confirmation');

/** Asks a person on the terminal, unless they said yes already. Throws `usage` for a no, or where nobody can be asked. */
export async function confirm(
  question: string,
  options: Options,
  terminal: NodeJS.ReadStream = process.stdin,
): Promise<void> {
  if (flag(options, 'yes')) return;
  if (!terminal.isTTY) {
    throw new HoldfastError('usage', 'This needs confirmation, and there is no terminal to ask on.', {
      reason: 'not-confirmed',
      hint: 'Use --yes to do it without asking.',
    });
  }
  const lines = createInterface({ input: terminal, output: process.stderr });
  const ended = new AbortController();
  lines.once('close', () => ended.abort());
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: ended.signal });
    if (/^\s*y(?:es)?\s*$/i.test(answer)) return;
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  } finally {
    lines.close();
  }
  throw new HoldfastError('usage', 'Nothing was done.', { reason: 'not-confirmed' });
}
