import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PairRecord } from '../../../src/app/home/config.ts';
import { choosePair, choosePairs, choosePlace } from '../../../src/app/pairs/pair-choice.ts';
import type { PairId, VaultId } from '../../../src/common/ids.ts';
import { tempFolder } from '../../helpers/temp.ts';

const pair = (start: string, vaultName: string, folder: string): PairRecord => ({
  pair: start.padEnd(32, '0') as PairId,
  vault: 'f'.repeat(32) as VaultId,
  vaultName,
  folder,
  isPaused: false,
  pausedUntil: null,
  deselected: [],
  createdAt: 0,
});

const photos = pair('aaaa1', 'Photos', '/data/photos');
const notes = pair('aaaa2', 'Notes', '/data/notes');

describe('choosing a folder pair', () => {
  it('needs no words when there is only one', () => {
    expect(choosePair([photos], null)).toBe(photos);
  });

  it.each(['aaaa2', notes.pair, 'Notes', '/data/notes'])('knows %j', (choice) => {
    expect(choosePair([photos, notes], choice)).toBe(notes);
  });

  it.each([
    ['which of several', [photos, notes], null],
    ['an id that begins two', [photos, notes], 'aaaa'],
    ['an id too short to be meant', [photos], 'aaa'],
    ['a name that is none', [photos], 'Musik'],
    ['a home without pairs', [], null],
  ] as const)('asks about %s', (_, pairs, choice) => {
    expect(() => choosePair(pairs, choice)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });

  it('takes all of them for commands that are about all', () => {
    expect(choosePairs([photos, notes], null)).toEqual([photos, notes]);
    expect(choosePairs([photos, notes], 'Photos')).toEqual([photos]);
  });
});

describe('choosing a place', () => {
  it.each([
    ['/data/notes/a/b', null, notes, 'a/b'],
    ['/data/photos', null, photos, ''],
    ['a//b/', 'Notes', notes, 'a/b'],
    ['/a', 'Notes', notes, 'a'],
    ['', 'Notes', notes, ''],
    ['./a', 'Notes', notes, 'a'],
    ['/data/notes/a', 'Photos', photos, 'data/notes/a'],
  ] as const)('%j with --pair %j', (path, choice, record, inside) => {
    expect(choosePlace([photos, notes], choice, path)).toEqual({ record, path: inside });
  });

  it('takes a sibling with a longer name for no part of a folder', () => {
    expect(choosePlace([notes], null, '/data/notes2/x')).toEqual({ record: notes, path: 'data/notes2/x' });
  });

  it('never climbs', () => {
    expect(() => choosePlace([notes], null, 'a/../../b')).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('a folder that is reached by another way', () => {
  it('is known by it, and a link in the folder is meant itself', async () => {
    const base = realpathSync(await tempFolder('ways'));
    const folder = join(base, 'notes');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    symlinkSync(folder, join(base, 'way'));
    symlinkSync('/etc', join(folder, 'link'));
    const here = pair('aaaa3', 'Here', folder);
    const place = (path: string) => choosePlace([here, photos], null, path);
    for (const choice of [`${folder}/`, join(base, 'way'), `${join(base, 'way')}/`]) {
      expect(choosePair([here, photos], choice)).toBe(here);
    }
    expect(place(join(base, 'way'))).toEqual({ record: here, path: '' });
    expect(place(join(base, 'way', 'sub', 'gone', 'x'))).toEqual({ record: here, path: 'sub/gone/x' });
    expect(place(join(base, 'way', 'link'))).toEqual({ record: here, path: 'link' });
    expect(place(join(folder, 'link'))).toEqual({ record: here, path: 'link' });
  });
});
