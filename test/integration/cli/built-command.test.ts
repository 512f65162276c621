import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { buildCommand } from '../../../resources/build/build-command.ts';
import { builtCommand } from '../../../src/cli/built-command.mjs';
import { repository, runNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';
import { readTree } from '../../helpers/tree.ts';

const env = { HOLDFAST_PASSWORD: 'correct-horse-battery-staple-9', HOLDFAST_HOME: undefined };
const mark = 'this is what was built';
let root: string;
const entry = (): string => join(root, 'dist/cli/command.js');

const holdfast = (...words: string[]) => runNode([join(root, 'src/cli/holdfast.mjs'), ...words], { cwd: root, env });

/** The program built says so when it starts. */
const isBuilt = async (): Promise<boolean> => {
  const { code, stdout, stderr } = await holdfast('--version');
  expect([code, stdout.trim()]).toEqual([0, '0.1.0']);
  return stderr.includes(mark);
};

beforeAll(async () => {
  root = await tempFolder('built-command');
  for (const name of ['src', 'resources/build', 'package.json', 'package-lock.json']) {
    cpSync(join(repository, name), join(root, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'), 'dir');
  await buildCommand({ root, staleOnly: false });
  writeFileSync(entry(), `process.stderr.write(${JSON.stringify(`${mark}\n`)});${readFileSync(entry(), 'utf8')}`);
});

test('what was built of the commands does all that they do, with its threads', async () => {
  const server = await startTestServer();
  const folders = ['a', 'b'].map((name) => join(root, name));
  for (const folder of folders) mkdirSync(folder);
  const [a = '', b = ''] = folders;
  for (let at = 0; at < 40; at++) writeFileSync(join(a, `small-${at}`), `content ${at}`);
  writeFileSync(join(a, 'large'), Buffer.alloc(3 << 20, 'large'));
  const signIn = ['--server', server.url, '--email', 'built@example.org', '--json'];
  for (const [home, first, folder] of [
    ['one', 'signup', a],
    ['two', 'login', b],
  ] as const) {
    const at = ['--home', join(root, home)];
    for (const words of [
      [first, ...at, ...signIn],
      ['add', ...at, folder, '--vault', 'Built', '--json'],
      ['sync', ...at, '--json'],
    ]) {
      const { code, stderr } = await holdfast(...words);
      expect([words[0], code, stderr.includes(mark)], stderr).toEqual([words[0], 0, true]);
    }
  }
  expect(readTree(b)).toEqual(readTree(a));
  // The terms of what is in there go along.
  const licences = readFileSync(join(root, 'dist/cli/licences.txt'), 'utf8');
  expect(licences).toMatch(/^zod [\d.]+ \(MIT\)\n\nMIT License\n\nCopyright \(c\) /m);
  const { stdout } = await holdfast('doctor', '--home', join(root, 'two'));
  expect(stdout).toContain('All known answers are right.');
});

test('it runs for as long as its sources are what they were, and not a moment longer', async () => {
  expect(await isBuilt()).toBe(true);
  const changed = join(root, 'src/cli/sync.ts');
  const before = readFileSync(changed, 'utf8');
  writeFileSync(changed, `${before}\n`);
  expect(await isBuilt()).toBe(false);
  await buildCommand({ root, staleOnly: true });
  expect(readFileSync(entry(), 'utf8')).not.toContain(mark);
  const made = readdirSync(join(root, 'dist/cli/parts')).length;
  await buildCommand({ root, staleOnly: true });
  expect(readdirSync(join(root, 'dist/cli/parts')).length).toBe(made);
  writeFileSync(entry(), `process.stderr.write(${JSON.stringify(`${mark}\n`)});${readFileSync(entry(), 'utf8')}`);
  expect(await isBuilt()).toBe(true);
  // As an older release that is unpacked over it, whose files are older than the build.
  const old = new Date('2020-01-01');
  utimesSync(changed, old, old);
  expect(await isBuilt()).toBe(false);
});

test('what decides what is built counts like what is in it', async () => {
  const built = () => builtCommand(pathToFileURL(join(root, '/')));
  await buildCommand({ root, staleOnly: true });
  expect(built()).not.toBeNull();
  utimesSync(join(root, 'resources/build/bundle.ts'), new Date(), new Date());
  expect(built()).toBeNull();
});

test('a manifest that cannot be read is none', async () => {
  await buildCommand({ root, staleOnly: false });
  writeFileSync(join(root, 'dist/cli/sources.json'), '[["src/cli/sync.ts"');
  expect(await isBuilt()).toBe(false);
});
