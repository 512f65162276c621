import { chmodSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeFolder } from '../../../src/cli/code-cache.mjs';
import { tempFolder } from '../../helpers/temp.ts';

it('code is kept in a folder that its owner alone can write to, made if need be', async () => {
  const base = await tempFolder('cache');
  const folder = codeFolder({ XDG_CACHE_HOME: base });
  expect(folder).toBe(join(base, 'holdfast', 'code'));
  expect(lstatSync(join(base, 'holdfast')).mode & 0o777).toBe(0o700);
  expect(lstatSync(join(base, 'holdfast', 'code')).mode & 0o777).toBe(0o700);
  expect(codeFolder({ XDG_CACHE_HOME: base })).toBe(folder);
});

it.each(['holdfast', 'holdfast/code'])('nothing is kept where others may write: %s', async (open) => {
  const base = await tempFolder('cache');
  mkdirSync(join(base, 'holdfast', 'code'), { recursive: true });
  chmodSync(join(base, open), 0o777);
  expect(codeFolder({ XDG_CACHE_HOME: base })).toBeNull();
});

it('nothing is kept behind a link, which may lead to where others write', async () => {
  const base = await tempFolder('cache');
  const elsewhere = await tempFolder('elsewhere');
  symlinkSync(elsewhere, join(base, 'holdfast'));
  expect(codeFolder({ XDG_CACHE_HOME: base })).toBeNull();
});

it('a relative place is none: it would depend on where the command is run', () => {
  expect(codeFolder({ XDG_CACHE_HOME: 'cache', LOCALAPPDATA: '' })).toBe(join(homedir(), '.cache', 'holdfast', 'code'));
});

it.runIf(process.platform === 'linux')('nobody waits for a place that takes no folder', () => {
  expect(() => codeFolder({ XDG_CACHE_HOME: '/proc/holdfast/cache' })).toThrow('ENOENT');
});
