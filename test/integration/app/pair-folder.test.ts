import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openHome } from '../../../src/app/home/home.ts';
import { tryLock } from '../../../src/app/home/home-lock.ts';
import { fitRoot, type Surroundings } from '../../../src/app/pairs/pair-folder.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer } from '../../helpers/test-server.ts';

let base: string;
let around: Surroundings;

beforeEach(async () => {
  base = await tempFolder('roots');
  for (const name of ['user/docs/deep', 'state', 'user/photos']) mkdirSync(join(base, name), { recursive: true });
  around = {
    roots: [join(base, 'user/docs')],
    stateFolder: join(base, 'state'),
    userFolder: join(base, 'user'),
  };
});

const reasonOf = (folder: string): string | undefined => {
  try {
    fitRoot(folder, around).make();
    return undefined;
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
};

describe('SAF-09 a new root', () => {
  it('may be any other folder, and is made if only its last component is missing', () => {
    expect(fitRoot(join(base, 'user/photos'), around).path).toBe(join(base, 'user/photos'));
    const made = fitRoot(join(base, 'user/new'), around);
    expect(existsSync(made.path)).toBe(false);
    made.make();
    expect(existsSync(join(base, 'user/new'))).toBe(true);
  });

  it('is known by its real path', () => {
    symlinkSync(join(base, 'user/photos'), join(base, 'link'));
    expect(fitRoot(join(base, 'link'), around).path).toBe(realpathSync(join(base, 'user/photos')));
  });

  it.runIf(process.platform !== 'win32')('is refused where another user syncs it', () => {
    chmodSync(base, 0o755);
    const own = join(base, 'user/photos/.holdfast');
    mkdirSync(own, { mode: 0o000 });
    // Permissions do not bind root: it takes another person's effective id for a while.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      expect(reasonOf(join(base, 'user/photos'))).toBe('other-user');
    } finally {
      if (isRoot) process.seteuid?.(0);
      chmodSync(own, 0o700);
    }
    expect(reasonOf(join(base, 'user/photos'))).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('is refused where the system takes no folders', () => {
    // Root is told that what it makes there does not exist, whoever is not may not write.
    expect(['vanished', 'denied']).toContain(reasonOf('/proc/holdfast'));
  });

  it.each([
    ['a file', 'user/file', 'not-a-folder'],
    ['below a file', 'user/file/x', 'not-a-folder'],
    ['in a missing folder', 'user/none/x', 'parent-missing'],
    ['synced already', 'user/docs', 'repeated'],
    ['synced already, through a link', 'alias', 'repeated'],
    ['inside another root', 'user/docs/deep', 'nested'],
    ['new inside another root', 'user/docs/other', 'nested'],
    ['inside another root, through a link', 'alias/deep', 'nested'],
    ['the home directory', 'user', 'root-too-wide'],
    ['around the home directory', '.', 'root-too-wide'],
    ["Holdfast's own state", 'state', 'own-state'],
    ["inside Holdfast's own state", 'state/x', 'own-state'],
    ['a dangling link', 'dangling', 'dangling-link'],
    ['a name of 256 bytes', `user/${'n'.repeat(256)}`, 'too-long'],
    ['a path beyond the limit', `user/${'n/'.repeat(3000)}`, 'too-long'],
  ])('is refused when it is %s', (_, name, reason) => {
    writeFileSync(join(base, 'user/file'), '');
    symlinkSync(join(base, 'user/docs'), join(base, 'alias'));
    symlinkSync(join(base, 'nowhere'), join(base, 'dangling'));
    expect(reasonOf(join(base, name))).toBe(reason);
  });

  it('is refused around another root', () => {
    mkdirSync(join(base, 'wide/inner'), { recursive: true });
    around = { ...around, roots: [join(base, 'wide/inner')] };
    expect(reasonOf(join(base, 'wide'))).toBe('nested');
  });

  it("is refused when it is, lies in or holds a server's data that is in use", async () => {
    const dataDir = join(base, 'wide/srv/data');
    const server = await startTestServer({ dataDir });
    try {
      for (const name of ['wide/srv/data', 'wide/srv/data/objects', 'wide/srv/data/new', 'wide/srv', 'wide']) {
        expect(reasonOf(join(base, name)), name).toBe('server-data');
      }
    } finally {
      await server.close();
    }
    // What a server left, or a copy of it, is a file like any other; by itself it may be started again.
    expect(reasonOf(join(base, 'wide'))).toBeUndefined();
    expect(reasonOf(dataDir)).toBe('server-data');
  });

  it("is refused when it is, lies in or holds another device's home that is in use", () => {
    const home = openHome(join(base, 'wide/other/home'));
    writeFileSync(home.accountFile, '{}');
    const lock = tryLock(home.lockFile);
    try {
      for (const name of ['wide/other/home', 'wide/other/home/keys', 'wide/other', 'wide']) {
        expect(reasonOf(join(base, name)), name).toBe('own-state');
      }
    } finally {
      lock?.release();
    }
    // A copy is a file like any other; what it is itself may be used again.
    expect(reasonOf(join(base, 'wide'))).toBeUndefined();
    expect(reasonOf(home.folder)).toBe('own-state');
  });

  it.runIf(process.platform === 'linux')('is refused when it holds no files', () => {
    for (const folder of ['/proc', '/proc/self/fd', '/sys']) expect(reasonOf(folder), folder).toBe('no-files');
  });

  it('is refused when it is the whole disk', () => {
    expect(reasonOf('/')).toBe('root-too-wide');
  });

  it('is never made when it is refused', () => {
    reasonOf(join(base, 'user/docs/other'));
    expect(existsSync(join(base, 'user/docs/other'))).toBe(false);
  });
});
