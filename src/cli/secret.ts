import { HoldfastError } from '../common/errors.ts';

/** Where secrets may come from: never from arguments, which other users of a computer can see. */
interface SecretSource {
  /** Name of the environment variable. */
  readonly variable: 'HOLDFAST_PASSWORD' | 'HOLDFAST_NEW_PASSWORD' | 'HOLDFAST_RECOVERY';
  /** Asked on a terminal. */
  readonly prompt: string;
  /** Asked twice, for a secret that is new. */
  readonly isNew?: boolean;
}

export async function readSecret(
  source: SecretSource,
  environment: NodeJS.ProcessEnv = process.env,
  terminal: NodeJS.ReadStream = process.stdin,
): Promise<string> {
  const given = environment[source.variable];
  if (given !== undefined && given !== '') return given;
  if (!terminal.isTTY) {
    throw new HoldfastError('usage', `${source.variable} is not set, and there is no terminal to ask on.`, {
      reason: 'no-secret',
      hint: `Set ${source.variable} in the environment; it is never taken from arguments.`,
    });
  }
  const secret = await promptHidden(`${source.prompt}: `, terminal, source.isNew);
  if (secret === '') throw new HoldfastError('usage', 'Nothing was typed.', { reason: 'no-secret' });
  if (source.isNew === true && (await promptHidden('Once more: ', terminal)) !== secret) {
    throw new HoldfastError('usage', 'The two were not the same.', { reason: 'no-secret' });
  }
  return secret;
}

const enter = new Set(['\r', '\n', '\u0004']);
const erase = new Set(['\b', '\u007f']);
const interrupt = '\u0003';

/**
 * Asks on stderr and reads a line without showing it. What was pasted behind it is dropped, unless it `isAskedTwice`: then both
 * lines may have come at once.
 */
function promptHidden(question: string, terminal: NodeJS.ReadStream, isAskedTwice = false): Promise<string> {
  process.stderr.write(question);
  terminal.setRawMode(true);
  terminal.setEncoding('utf8');
  terminal.resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const end = (): void => {
      terminal.off('data', onData);
      terminal.setRawMode(false);
      terminal.pause();
      process.stderr.write('\n');
    };
    const onData = (text: string): void => {
      let read = 0;
      for (const char of text) {
        read += char.length;
        if (char === interrupt) {
          end();
          reject(new HoldfastError('usage', 'Interrupted.', { reason: 'interrupted' }));
          return;
        }
        if (enter.has(char)) {
          end();
          const rest = text.slice(read).replace(/^\n/, '');
          if (isAskedTwice && rest !== '') terminal.unshift(rest);
          resolve(typed.join(''));
          return;
        }
        if (erase.has(char)) typed = typed.slice(0, -1);
        else typed.push(char);
      }
    };
    terminal.on('data', onData);
  });
}
