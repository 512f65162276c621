import { PassThrough } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
import { readSecret } from '../../../src/cli/secret.ts';

afterEach(() => vi.restoreAllMocks());

const source = { variable: 'HOLDFAST_NEW_PASSWORD', prompt: 'New password', isNew: true } as const;

/** A terminal on which somebody types. */
function terminal() {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const modes: boolean[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  const ask = (): Promise<string> => readSecret(source, {}, stream as unknown as NodeJS.ReadStream);
  const askWords = (): Promise<string> =>
    readSecret({ variable: 'HOLDFAST_RECOVERY', prompt: 'Words' }, {}, stream as unknown as NodeJS.ReadStream);
  return { ask, askWords, modes, type: (text: string) => stream.write(text) };
}

it('a secret and its repetition may come in one piece, as when both are pasted', async () => {
  const { ask, modes, type } = terminal();
  const asked = ask();
  type('früh\u007f\u007füh\rfrüh\r');
  expect(await asked).toBe('früh');
  expect(modes).toEqual([true, false, true, false]);
});

it('a secret that is typed otherwise the second time is none', async () => {
  const { ask, type } = terminal();
  const asked = ask();
  type('one\r');
  type('two\r');
  await expect(asked).rejects.toMatchObject({ kind: 'usage', message: 'The two were not the same.' });
});

it('who changes their mind leaves the terminal as it was', async () => {
  const { ask, modes, type } = terminal();
  const asked = ask();
  type('on\u0003');
  await expect(asked).rejects.toMatchObject({ reason: 'interrupted' });
  expect(modes).toEqual([true, false]);
});

it('lines that are pasted behind recovery words are no new password', async () => {
  const { ask, askWords, type } = terminal();
  const words = askWords();
  type('one two\rthree four\rfive six\r');
  expect(await words).toBe('one two');
  const asked = ask();
  type('new\rnew\r');
  expect(await asked).toBe('new');
});
