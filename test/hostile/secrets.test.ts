import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountFile } from '../../src/app/account/account-file.ts';
import { openAccountSession } from '../../src/app/account/account-session.ts';
import { openHome } from '../../src/app/home/home.ts';
import { fileKeychain } from '../../src/app/keychain/file-keychain.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { must } from '../../src/common/errors.ts';
import type { VaultId } from '../../src/common/ids.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { parseRecoveryWords } from '../../src/crypto/recovery.ts';
import { forms } from '../demo/search-bytes.ts';
import { type CliDevice, cliDevice, startCliServer, testPassword } from '../helpers/cli.ts';
import { type Child, type Finished, repository } from '../helpers/run.ts';
import { plantedContent, plantedName } from '../helpers/scenario-files.ts';
import { connectTo } from '../helpers/test-server.ts';
import { openLog } from './harness/open-log.ts';

/** [KEY-01] What is planted is looked for in all that is written down, after commands as people run them. */

const wrongPassword = 'a wrong one: heron lamp 7Kq2';
const email = 'planted@example.org';

let server: Awaited<ReturnType<typeof startCliServer>>;
let first: CliDevice;
let second: CliDevice;
let words: string;
let daemon: Child;
let daemonFacts: { environ: string; cmdline: string; children: string[] };
/** What commands wrote, but for the recovery words at sign-up. */
let said: string;
/** In the order in which they began. */
const finished: { readonly command: string; done: Finished }[] = [];

async function run(device: CliDevice, command: string[], env: Record<string, string> = {}): Promise<void> {
  const place = { command: command.join(' '), done: { code: null, stdout: '', stderr: '' } as Finished };
  finished.push(place);
  place.done = await device.run([...command, '--debug'], env);
}

async function folderOf(device: CliDevice): Promise<string> {
  const folder = join(device.home, '..', 'folder');
  mkdirSync(folder);
  return folder;
}

beforeAll(async () => {
  // All that a log may hold.
  process.env['HOLDFAST_LOG'] = 'debug';
  server = await startCliServer();
  first = await cliDevice('first');
  second = await cliDevice('second');
  const at = ['--server', server.url, '--email', email];
  const made = await first.run(['signup', ...at, '--device', 'First']);
  expect(made.code, made.stderr).toBe(0);
  words = made.json.recovery;
  const folder = await folderOf(first);
  mkdirSync(join(folder, plantedName));
  writeFileSync(join(folder, plantedName, `${plantedName}.txt`), `${plantedContent} in a small file`);
  writeFileSync(join(folder, 'big.bin'), Buffer.concat([Buffer.alloc(1_200_000, 1), Buffer.from(plantedContent)]));
  await run(first, ['add', folder, '--vault', plantedName]);
  await run(first, ['sync']);
  await Promise.all([
    run(second, ['login', ...at, '--device', 'Wrong'], { HOLDFAST_PASSWORD: wrongPassword }),
    run(first, ['doctor']),
    // No such word: one that is in the list would fit the others' checksum once in 256 runs.
    run(second, ['recover', ...at], { HOLDFAST_RECOVERY: words.replace(/^\w+/, 'zebrafish') }),
  ]);
  await run(second, ['login', ...at, '--device', 'Second']);
  await run(second, ['add', await folderOf(second), '--vault', plantedName]);
  await run(second, ['sync']);
  writeFileSync(join(second.home, '..', 'folder', plantedName, 'second.txt'), `${plantedContent} again`);
  const started = await second.start(['daemon', '--debug']);
  daemon = started.child;
  await run(second, ['sync']);
  await run(second, ['status']);
  await run(second, ['why', `${plantedName}/second.txt`]);
  daemonFacts = factsOf(daemon.pid);
  await run(second, ['stop']);
  // What fails says something, too.
  server.child.kill();
  await Promise.all([run(first, ['sync']), run(second, ['verify', '--deep'])]);
  server = { ...(await startCliServer(server.data)), data: server.data };
  said = finished.map(({ command, done }) => `${command}\n${done.stdout}\n${done.stderr}`).join('\n');
});
afterAll(() => {
  delete process.env['HOLDFAST_LOG'];
  server.child.kill();
});

/** What other processes of this user can read of a process and of those that it started. */
function factsOf(pid: number): typeof daemonFacts {
  const children = existsSync(`/proc/${pid}/task/${pid}/children`)
    ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    : [];
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'latin1') : '');
  return {
    environ: read(`/proc/${pid}/environ`),
    cmdline: read(`/proc/${pid}/cmdline`),
    children: children.map((child) => `${read(`/proc/${child}/environ`)} ${read(`/proc/${child}/cmdline`)}`),
  };
}

/** All keys that the first device holds, and what it sealed. */
async function secretsOf(device: CliDevice): Promise<Record<string, string | Uint8Array>> {
  const home = openHome(device.home);
  const keychain = fileKeychain(home.keysFolder, null, systemRandom);
  const ports = {
    home,
    keychain,
    connect: async (_: string, session: object) => connectTo(server.url, session),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  };
  const stored = must(accountFile(home).read());
  // The server was started anew, at another address; the session that is kept is still good.
  const session = await openAccountSession(ports, stored);
  try {
    await session.refresh();
    const { keys } = session;
    const vault = [...session.known().chain.vaults.keys()][0] as VaultId;
    const { ring, operations } = await openLog(session, vault);
    const chunks = operations.flatMap((operation) =>
      'manifest' in operation && operation.manifest.content.kind === 'chunks' ? operation.manifest.content.chunks : [],
    );
    expect(chunks.length).toBeGreaterThanOrEqual(3);
    return {
      'the master key': keys.masterKey,
      'the identity’s signing key': keys.secrets.signingSeed,
      'the identity’s sealing key': keys.secrets.sealingPrivate,
      'the account secret': keys.secrets.accountSecret,
      'the device’s signing key': session.device.signingSeed,
      'the device’s sealing key': session.device.sealingPrivate,
      'the vault key': must(ring.epochs.get(1)).vaultKey,
      'the key of the log': must(ring.epochs.get(1)).log,
      ...Object.fromEntries(chunks.map(({ secret }, each) => [`the secret of chunk ${each}`, secret])),
    };
  } finally {
    await session.close();
  }
}

const whatPeopleKnow = (): Record<string, string | Uint8Array> => ({
  'the password': testPassword,
  'a mistyped password': wrongPassword,
  'the recovery words': words,
  'some of the recovery words': words.split(' ').slice(8, 12).join(' '),
  'the recovery key': parseRecoveryWords(words),
});

function search(secrets: Record<string, string | Uint8Array>, places: Record<string, Buffer>): string[] {
  const found: string[] = [];
  for (const [what, secret] of Object.entries(secrets)) {
    for (const form of forms(secret)) {
      for (const [place, bytes] of Object.entries(places)) if (bytes.includes(form)) found.push(`${what} in ${place}`);
    }
  }
  return [...new Set(found)];
}

function filesBelow(folder: string): Record<string, Buffer> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
}

describe('[KEY-01] secrets', () => {
  it('were handled by commands that did what they were to, or failed as they were to', () => {
    const codes = finished.map(({ command, done }) => [command.split(' ')[0], done.code]);
    expect(codes, said).toEqual([
      ['add', 0],
      ['sync', 0],
      ['login', 4],
      ['doctor', 0],
      ['recover', 1],
      ['login', 0],
      ['add', 0],
      ['sync', 0],
      ['sync', 0],
      ['status', 0],
      ['why', 0],
      ['stop', 0],
      ['sync', 3],
      ['verify', 3],
    ]);
  });

  it('are nowhere in the home but sealed, and never in what commands say or log', async () => {
    const logs: Buffer[] = [];
    for (const device of [first, second]) {
      const home = filesBelow(device.home);
      const secrets = { ...whatPeopleKnow(), ...(await secretsOf(device)) };
      expect(search(secrets, home)).toEqual([]);
      expect(search(secrets, { 'what commands said': Buffer.from(said) })).toEqual([]);
      expect(search({ 'a content': plantedContent }, home)).toEqual([]);
      logs.push(home['logs/holdfast.log'] ?? Buffer.alloc(0));
    }
    expect(search({ 'a content': plantedContent }, { 'what commands said': Buffer.from(said) })).toEqual([]);
    const log = { log: Buffer.concat(logs) };
    expect(search({ 'a name': plantedName, 'the address': email, 'a content': plantedContent }, log)).toEqual([]);
    // The search finds what is there.
    expect(search({ 'the word': 'level' }, log)).toEqual(['the word in log']);
  });

  it('are nowhere in the server’s data', async () => {
    const data = filesBelow(server.data);
    const secrets = { ...whatPeopleKnow(), ...(await secretsOf(first)), ...(await secretsOf(second)) };
    expect(search({ ...secrets, 'a content': plantedContent, 'a name': plantedName }, data)).toEqual([]);
    expect(search({ 'the address': email }, data).length).toBeGreaterThan(0);
  });

  it('are closed to other users of the computer', () => {
    for (const folder of [first.home, second.home]) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        const { mode } = statSync(join(folder, name));
        expect(mode & 0o077, `${name} ${(mode & 0o777).toString(8)}`).toBe(0);
      }
    }
  });

  it('of people are in no argument, nor in what a child of the daemon was given', () => {
    expect(search(whatPeopleKnow(), { arguments: Buffer.from(daemonFacts.cmdline) })).toEqual([]);
    for (const child of daemonFacts.children) {
      expect(search(whatPeopleKnow(), { child: Buffer.from(child, 'latin1') })).toEqual([]);
    }
  });

  it('of people are in no environment that a child of a command would inherit', async () => {
    const atExit = 'process.on("exit", () => process._rawDebug("left: " + JSON.stringify(process.env)))';
    const { code, stderr } = await first.run(['status'], {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(atExit)}`,
      HOLDFAST_RECOVERY: words,
      HOLDFAST_KEY_PASSPHRASE: wrongPassword,
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('left: {');
    expect(stderr).toContain('HOLDFAST_LOG');
    expect(search(whatPeopleKnow(), { 'what is left': Buffer.from(stderr) })).toEqual([]);
  });

  it('are not told by a crash in their midst', async () => {
    const third = await cliDevice('third');
    const crashing = {
      NODE_OPTIONS: `--import ${pathToFileURL(join(repository, 'test/mutation/load-mutant.ts'))}`,
      HOLDFAST_MUTANT: JSON.stringify({
        file: 'src/vault/unlock.ts',
        find: '  const secrets = openIdentity(masterKey, account, keyVersion, parsed.identity);',
        replace:
          '  const secrets = openIdentity(masterKey, account, keyVersion, parsed.identity);\n  (undefined as never as { x(y: unknown): void }).x({ masterKey, secrets, unlock });',
      }),
    };
    const at = ['--server', server.url, '--email', email, '--debug'];
    const crashed = await third.run(['login', ...at], crashing);
    expect(crashed.code, crashed.stderr).toBe(70);
    const secrets = { ...whatPeopleKnow(), ...(await secretsOf(first)) };
    const told = Buffer.from(crashed.stdout + crashed.stderr);
    expect(search(secrets, { ...filesBelow(third.home), 'what it said': told })).toEqual([]);
  });
});
