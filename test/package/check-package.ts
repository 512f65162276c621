import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { startApp } from '../bench/app/started-app.ts';
import { openDesktop } from '../e2e/app/desktop.ts';
import { buildForTest, electronFolder, switches, whyNoApp } from '../e2e/app/electron.ts';
import { repository } from '../helpers/run.ts';
import { removeTempFolders, tempFolder } from '../helpers/temp.ts';
import { readFuses, wantedFuses } from './fuses.ts';
import { makeDeb } from './make-deb.ts';

/**
 * `npm run package:check`: packages the app as a release is, but of the Electron that is at hand; looks at its fuses; makes a
 * .deb, installs it, starts what it installed on a desktop, and removes it again. As root, on Debian.
 */
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Runs a program and fails, with what it said, unless it ends with 0. */
function run(program: string, words: readonly string[]): string {
  const ended = spawnSync(program, words, { encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`${program} ${words.join(' ')}\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

async function packageApp(): Promise<string> {
  const staged = await buildForTest(true);
  const output = await tempFolder('package');
  const electronVersion = readFileSync(join(electronFolder, 'version'), 'utf8').trim();
  await build({
    projectDir: repository,
    targets: Platform.LINUX.createTarget('dir'),
    publish: 'never',
    config: {
      extends: join(repository, 'electron-builder.yml'),
      directories: { output },
      electronDist: electronFolder,
      electronVersion,
      // Its own Node is too old for the engine; a plain one reads no archive.
      asarUnpack: '**/*',
      files: ['!dist/**', { from: join(staged, 'dist'), to: 'dist', filter: ['**/*'] }],
    },
  });
  return join(output, 'linux-unpacked');
}

/** The packaged program can be made into nothing else. */
function checkProgram(program: string): void {
  const planted = join(program, '..', '..', 'planted.cjs');
  writeFileSync(planted, "require('node:fs').writeSync(1, 'PLANTED')");
  const attempts: [string[], Record<string, string>][] = [
    [[planted], { ELECTRON_RUN_AS_NODE: '1' }],
    [['--version'], { NODE_OPTIONS: `--require ${planted}` }],
  ];
  for (const [words, environment] of attempts) {
    const env = { ...process.env, ...environment, HOLDFAST_HOME: join(program, '..', '..', 'planted-home') };
    const ended = spawnSync(program, [...switches, ...words], {
      env,
      encoding: 'utf8',
      timeout: 5000,
      killSignal: 'SIGKILL',
    });
    ok(!ended.stdout.includes('PLANTED'), `${JSON.stringify(environment)} ran other code`);
  }
}

/** Starts what was installed; it has to show its window, keep keys in the keyring, and end whole. */
async function checkInstalled(): Promise<void> {
  const desktop = await openDesktop();
  const home = join(await tempFolder('installed'), 'home');
  try {
    const app = await startApp({ program: 'holdfast-desktop', words: switches }, home, desktop.environment);
    try {
      await app.page.getByRole('heading', { name: 'Where should your files be kept?' }).waitFor();
      const { keychain } = await app.answer<{ keychain: string }>('app-info');
      equal(keychain, 'system');
      await app.page.evaluate("void holdfast.ask('stop', {})");
      equal(await app.gone, 0);
      ok(!existsSync(join(home, 'daemon.json')));
    } finally {
      await app.close();
    }
  } finally {
    await desktop.close();
  }
}

async function check(): Promise<void> {
  const appFolder = await packageApp();
  const program = join(appFolder, 'holdfast-desktop');
  deepEqual(await readFuses(program), wantedFuses);
  checkProgram(program);
  say(`packaged: ${run('du', ['-sh', appFolder]).split('\t')[0]}, fuses as wanted, no other code runs`);

  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
  const deb = await makeDeb(appFolder, await tempFolder('deb'), version);
  say(`made ${deb}`);
  run('dpkg', ['-i', deb]);
  const files = run('dpkg', ['-L', 'holdfast-desktop']).trim().split('\n');
  try {
    say(`installed: ${readdirSync('/usr/lib/holdfast-desktop').length} entries in /usr/lib/holdfast-desktop`);
    const commands = files.filter((file) => file.startsWith('/usr/bin/'));
    // The app does not take the name of the command line, which it cannot be.
    deepEqual(commands, ['/usr/bin/holdfast-desktop']);
    await checkInstalled();
    say('started: shows its first step, keeps keys in the keyring, ends whole');
  } finally {
    run('dpkg', ['--purge', 'holdfast-desktop']);
  }
  const left = files.filter((file) => file.includes('holdfast') && existsSync(file));
  deepEqual(left, []);
  say('purged: nothing of it is left');
}

const why = whyNoApp() ?? (process.getuid?.() === 0 ? null : 'only root installs packages');
if (why !== null) {
  say(`SKIPPED: ${why}`);
} else {
  try {
    await check();
  } finally {
    await removeTempFolders();
  }
}
