import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { removeDaemonFile } from '../../../src/app/door/daemon-file.ts';
import { configFile, emptyConfig } from '../../../src/app/home/config.ts';
import { explaining } from '../../../src/app/home/errno.ts';
import { chooseHomeFolder, openHome } from '../../../src/app/home/home.ts';
import { tryLock } from '../../../src/app/home/home-lock.ts';
import { must } from '../../../src/common/errors.ts';
import { memoryVolume, unmountAll } from '../../faults/volume.ts';
import { repository, startNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const mode = (path: string): number => statSync(path).mode & 0o777;

describe('the home', () => {
  it('is where --home says, then HOLDFAST_HOME, then the system', () => {
    expect(chooseHomeFolder('/a', { HOLDFAST_HOME: '/b' })).toBe('/a');
    expect(chooseHomeFolder(null, { HOLDFAST_HOME: '/b' })).toBe('/b');
    expect(chooseHomeFolder(null, {})).toContain('holdfast');
    expect(() => chooseHomeFolder('', {})).toThrow(expect.objectContaining({ kind: 'usage' }));
  });

  it.runIf(process.platform === 'linux')('is not wherever this was started, where the system does not say', () => {
    vi.stubEnv('XDG_DATA_HOME', 'data');
    expect(() => chooseHomeFolder(null, {})).toThrow(expect.objectContaining({ kind: 'usage', reason: 'no-home' }));
    expect(chooseHomeFolder('/a', {})).toBe('/a');
    vi.unstubAllEnvs();
  });

  it('and its files belong to their owner alone', async () => {
    const home = openHome(join(await tempFolder(), 'a/home'));
    configFile(home).write(emptyConfig);
    expect(mode(home.folder)).toBe(0o700);
    expect(mode(home.keysFolder)).toBe(0o700);
    expect(mode(home.configFile)).toBe(0o600);
  });

  it('closes an empty folder that was open, and refuses one that holds other things', async () => {
    const empty = join(await tempFolder(), 'empty');
    mkdirSync(empty);
    chmodSync(empty, 0o755);
    expect(mode(openHome(empty).folder)).toBe(0o700);

    const shared = join(await tempFolder(), 'shared');
    mkdirSync(shared);
    writeFileSync(join(shared, 'thesis.txt'), '');
    chmodSync(shared, 0o755);
    expect(() => openHome(shared)).toThrow(expect.objectContaining({ kind: 'refused', reason: 'home-open' }));
    expect(mode(shared)).toBe(0o755);
  });

  it('is refused when it is a file', async () => {
    const file = join(await tempFolder(), 'file');
    writeFileSync(file, '');
    expect(() => openHome(file)).toThrow(expect.objectContaining({ kind: 'io' }));
    expect(() => openHome(join(file, 'x'))).toThrow(expect.objectContaining({ kind: 'io' }));
  });

  it.runIf(process.platform === 'linux')('is refused where the system takes no folders', () => {
    expect(() => openHome('/proc/holdfast/home')).toThrow(expect.objectContaining({ kind: 'io' }));
  });
});

describe('a state file', () => {
  it('is replaced whole and leaves nothing beside it', async () => {
    const home = openHome(join(await tempFolder(), 'home'));
    const file = configFile(home);
    expect(file.read()).toBeNull();
    file.write(emptyConfig);
    file.write({ ...emptyConfig, settings: { ...emptyConfig.settings, upBytesPerSecond: 5000 } });
    expect(file.read()?.settings.upBytesPerSecond).toBe(5000);
    expect(readdirSync(home.folder).sort()).toEqual(['config.json', 'keys', 'logs']);
  });

  it('keeps what a newer version of the program added to it', async () => {
    const home = openHome(join(await tempFolder(), 'home'));
    const id = '0'.repeat(32);
    const settings = { ...emptyConfig.settings, newer: 'setting' };
    const pair = { pair: id, vault: id, vaultName: 'v', folder: '/f', isPaused: false, pausedUntil: null };
    const pairs = [{ ...pair, deselected: [], createdAt: 1, newer: ['field'] }];
    const before = { format: 1, ...emptyConfig, settings, pairs, newer: { list: 1 } };
    writeFileSync(home.configFile, JSON.stringify(before));
    const file = configFile(home);
    const read = must(file.read());
    file.write({ ...read, pairs: read.pairs.map((each) => ({ ...each, isPaused: true })) });
    const after = { ...before, pairs: [{ ...pairs[0], isPaused: true }] };
    expect(JSON.parse(readFileSync(home.configFile, 'utf8'))).toEqual(after);
  });

  it.each([
    ['a newer format', '{"format":2,"new":"things"}', 'version'],
    ['no JSON', '{"format":1,', 'corrupt'],
    ['nothing', '', 'corrupt'],
    ['no format', '{}', 'corrupt'],
    ['other fields', '{"format":1,"pairs":7}', 'corrupt'],
  ])('with %s is refused and stays as it is', async (_, text, kind) => {
    const home = openHome(join(await tempFolder(), 'home'));
    writeFileSync(home.configFile, text);
    expect(() => configFile(home).read()).toThrow(expect.objectContaining({ kind }));
    expect(readFileSync(home.configFile, 'utf8')).toBe(text);
  });
});

describe('a home on a disk that became read-only', () => {
  it('says that, and not what the system calls it', async ({ skip }) => {
    const volume = (await memoryVolume(1)) ?? skip();
    try {
      const home = openHome(join(volume.folder, 'home'));
      writeFileSync(home.daemonFile, 'left behind');
      volume.setReadOnly(true);
      expect(() => removeDaemonFile(home)).toThrow('“daemon.json” cannot be removed: the disk is read-only.');
      const removeTree = () => rmSync(home.folder, { recursive: true });
      expect(() => explaining('It stays', removeTree)).toThrow(/^It stays: the system reported Read-only file system/);
    } finally {
      unmountAll();
    }
  });
});

describe('the lock of a home', () => {
  it('is held once, and free again after release', async () => {
    const { lockFile } = openHome(join(await tempFolder(), 'home'));
    const lock = tryLock(lockFile);
    expect(lock).not.toBeNull();
    expect(tryLock(lockFile)).toBeNull();
    lock?.release();
    const again = tryLock(lockFile);
    expect(again).not.toBeNull();
    again?.release();
  });

  it.runIf(process.getuid?.() === 0)(
    'is not taken from another user, who could not read what root leaves there',
    async () => {
      const { lockFile, folder } = openHome(join(await tempFolder(), 'home'));
      const lock = tryLock(lockFile);
      chownSync(lockFile, 65_534, 65_534);
      const refused = expect.objectContaining({ kind: 'refused', reason: 'other-user' });
      expect(tryLock(lockFile)).toBeNull();
      lock?.release();
      expect(() => tryLock(lockFile)).toThrow(refused);
      expect(readdirSync(folder).sort()).toEqual(['keys', 'lock', 'logs']);
    },
  );

  it('is freed by the kernel when its process is killed', async () => {
    const { lockFile, folder } = openHome(join(await tempFolder(), 'home'));
    const child = startNode([
      '--input-type=module',
      '--eval',
      `import { tryLock } from ${JSON.stringify(`${repository}src/app/home/home-lock.ts`)};
       console.log(tryLock(${JSON.stringify(lockFile)}) === null ? 'taken' : 'held');
       setInterval(() => {}, 1000);`,
    ]);
    expect(await child.line()).toBe('held');
    expect(tryLock(lockFile)).toBeNull();
    await child.kill('SIGKILL');
    const lock = tryLock(lockFile);
    expect(lock).not.toBeNull();
    lock?.release();
    expect(readdirSync(folder).sort()).toEqual(['keys', 'lock', 'logs']);
  });
});
