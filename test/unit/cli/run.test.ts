import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/run.ts';
import { readSecret } from '../../../src/cli/secret.ts';
import { rateOf } from '../../../src/cli/settings.ts';
import { signInInput } from '../../../src/cli/sign-in-options.ts';
import { repository } from '../../helpers/run.ts';

const cli = (...words: string[]) => cliIn(() => '/', ...words);

async function cliIn(cwd: () => string, ...words: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        written[name] += String(chunk);
        done();
      },
    });
  const code = await runCommandLine(words, {
    env: { HOLDFAST_HOME: '/nonexistent/never/made' },
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    cwd,
  });
  return { code, ...written };
}

describe('the command line', () => {
  it('helps, with the exit codes', async () => {
    const { code, stdout } = await cli('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('70 bug');
    expect((await cli('sync', '--help')).stdout).toContain('--pair');
    expect((await cli('sync', '--help')).stdout).toContain('--home');
  });

  it('has each of its commands in the README, and the README no other', async () => {
    const { stdout } = await cli('--help');
    const names = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) /gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    const readme = readFileSync(join(repository, 'README.md'), 'utf8');
    const isNamed = (name: string): boolean => new RegExp(`(?:\`|holdfast )${name}(?=[\` ])`).test(readme);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
    const named = [...readme.matchAll(/^(?:\| .* \| .*|holdfast [a-z-]+.*)$/gm)].flatMap(([line]) =>
      [...line.matchAll(/(?:`|^holdfast )([a-z][a-z-]+)(?=[` ])/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('tells its version', async () => {
    const { code, stdout } = await cli('--version');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await cli('--version', '--json')).stdout)).toEqual({ version: stdout.trim() });
  });

  it.each([
    ['nothing at all', []],
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['sync', '--fast']],
    ['too few words', ['add']],
    ['too many words', ['pairs', 'x']],
    ['a missing option', ['signup', '--email', 'a@b']],
    ['--home without a folder', ['status', '--home']],
    ['a limit that is none', ['activity', '--limit', 'many']],
    ['a folder that is no text', ['add', '']],
    ['a server without a folder', ['serve', '--data', '']],
  ])('answers %s with exit code 1 and a sentence', async (_, words) => {
    const { code, stdout, stderr } = await cli(...words);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
  });

  it.each([
    [['nope', '--help'], "unknown command 'nope'", '--help'],
    [['help', 'nope'], "unknown command 'nope'", '--help'],
    [['add'], "missing required argument 'folder'", 'add --help'],
  ])('says of %j what is wrong and where to look', async (words, what, help) => {
    const { code, stdout, stderr } = await cli(...words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(`holdfast: ${what}\n`), stderr).toBe(true);
    expect(stderr).toContain(`\`holdfast ${help}\``);
    const { error } = JSON.parse((await cli(...words, '--json')).stdout);
    expect(error.hint).toContain(`\`holdfast ${help}\``);
  });

  it('says so where its folder is gone', async () => {
    const gone = (): never => {
      throw Object.assign(new Error('uv_cwd'), { code: 'ENOENT' });
    };
    const { code, stderr } = await cliIn(gone, 'pairs');
    expect(code).toBe(4);
    expect(stderr).toMatch(/^holdfast: The folder in which this was started cannot be used: it does not exist\.\n$/);
  });

  it('says usage errors as one JSON document too', async () => {
    const { code, stdout } = await cli('sync', '--fast', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'usage' } });
    const { message } = JSON.parse((await cli('--json')).stdout).error;
    expect(message).toBe('Name a command; `--help` lists them.');
  });
});

describe('secrets', () => {
  const noTerminal = { isTTY: false } as NodeJS.ReadStream;

  it('come from the environment', async () => {
    const source = { variable: 'HOLDFAST_PASSWORD', prompt: 'Password' } as const;
    expect(await readSecret(source, { HOLDFAST_PASSWORD: 'x y' }, noTerminal)).toBe('x y');
  });

  it.each([{}, { HOLDFAST_PASSWORD: '' }])('are asked for by name when they are missing', async (environment) => {
    const source = { variable: 'HOLDFAST_PASSWORD', prompt: 'Password' } as const;
    await expect(readSecret(source, environment, noTerminal)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('HOLDFAST_PASSWORD'),
    });
  });
});

describe('the name of a device', () => {
  const nameOf = (device: string): string | null => signInInput({ server: 's', email: 'e', device }).deviceName;

  it('is taken as it will be shown', () => {
    expect(signInInput({ server: 's', email: 'e' }).deviceName).toBeNull();
    expect(nameOf(' Desk ')).toBe('Desk');
    expect(nameOf('x'.repeat(64))).toHaveLength(64);
  });

  it.each(['', ' ', 'x'.repeat(65), '漢'.repeat(43)])('is not %j', (name) => {
    expect(() => nameOf(name)).toThrow(/^--device takes a name of 1 to 64 characters, of at most 128 bytes\.$/);
  });
});

describe('a rate', () => {
  it.each([
    ['500K', 512_000],
    ['2m', 2 * 1024 * 1024],
    ['1.5M', 1.5 * 1024 * 1024],
    ['4096', 4096],
    ['none', null],
    ['500 KiB/s', 512_000],
    ['1.5 MiB/s', 1.5 * 1024 * 1024],
    ['2048 B/s', 2048],
    ['no limit', null],
  ])('%s', (text, bytes) => expect(rateOf({ up: text }, 'up')).toBe(bytes));

  it.each(['0', '1', 'fast', '-5K', '500KB', '901G', '1e9', ''])('is not %j', (text) => {
    expect(() => rateOf({ up: text }, 'up')).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});
