import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { become } from '../../bench/data/become.ts';
import { differences } from '../../bench/data/differences.ts';
import { writeEditedFile, writeLargeFile } from '../../bench/data/large-file.ts';
import { writeSmallFiles } from '../../bench/data/small-files.ts';
import { inTurn } from '../../bench/in-turn.ts';
import { createTools } from '../../bench/measure/tools.ts';
import type { Volume } from '../../bench/volume.ts';
import { carry } from '../../bench/workloads/carry.ts';
import { makePlace } from '../../bench/workloads/make-place.ts';
import type { Turn } from '../../bench/workloads/workload.ts';
import { tempFolder } from '../../helpers/temp.ts';

const few = { files: 40, folders: 4, leastBytes: 10, mostBytes: 1000 };

it('makes the same tree again, and sees every kind of difference', async () => {
  const root = await tempFolder();
  const [one, two] = [join(root, 'one'), join(root, 'two')];
  writeSmallFiles(one, few);
  writeSmallFiles(two, few);
  mkdirSync(join(two, '.holdfast'));
  expect(differences(one, two)).toEqual([]);

  const path = join('area-0', 'folder-1', 'file-10.dat');
  const content = readFileSync(join(two, path));
  content[0] = (content[0] ?? 0) ^ 1;
  writeFileSync(join(two, path), content);
  expect(differences(one, two)).toEqual([path]);
  rmSync(join(two, path));
  expect(differences(one, two)).toEqual([path]);
  mkdirSync(join(two, path));
  expect(differences(one, two)).toEqual([path]);

  expect(become(two, one), 'what was edited').toEqual([path]);
  expect(differences(one, two)).toEqual([]);
});

it('records nothing of a contestant that left something out', async () => {
  const root = await tempFolder();
  const place = await makePlace({ root, kind: 'folder', close: async () => undefined });
  writeSmallFiles(place.folders[0], few);
  const copying = (files: number) => async () =>
    writeSmallFiles(place.folders[1], { ...few, files, folders: Math.ceil(files / 10) });
  const recorded: string[] = [];
  const turn = { peer: { name: 'quick' }, record: (measure: string) => recorded.push(measure) } as unknown as Turn;
  const carryBy = (across: () => Promise<void>) =>
    carry(
      turn,
      {} as Volume,
      { tools: createTools(), up: null, down: null, across, close: async () => undefined },
      place,
      'W2',
    );
  await expect(carryBy(copying(30))).rejects.toThrow('quick left differences');
  expect(recorded).toEqual([]);
  await carryBy(copying(40));
  expect(recorded).toEqual(['W2 across']);
});

it('lets nobody always begin, nor always come after the same one', () => {
  const rounds = [0, 1, 2, 3].map((round) => inTurn(['a', 'b', 'c', 'd'], round).join(''));
  expect(rounds).toEqual(['abcd', 'dcba', 'bcda', 'adcb']);
  expect(inTurn([], 1)).toEqual([]);
});

it('writes only what an edit changes', async () => {
  const root = await tempFolder();
  const [model, folder] = [join(root, 'model'), join(root, 'folder')];
  writeSmallFiles(model, few);
  become(folder, model);
  const path = join(folder, 'area-0', 'folder-0', 'file-0.dat');
  const before = statSync(path, { bigint: true }).mtimeNs;
  writeFileSync(join(folder, 'gone.txt'), 'x');
  become(folder, model);
  expect(statSync(path, { bigint: true }).mtimeNs).toBe(before);
  expect(differences(folder, model)).toEqual([]);
});

it('edits a large file in front and in the middle', async () => {
  const root = await tempFolder();
  writeLargeFile(join(root, 'a'), 8);
  writeEditedFile(join(root, 'a'), join(root, 'b'));
  const [a, b] = [readFileSync(join(root, 'a')), readFileSync(join(root, 'b'))];
  expect(b.length).toBe(a.length + 1);
  expect(b.subarray(1, 1 << 20).equals(a.subarray(0, (1 << 20) - 1))).toBe(true);
  expect(b.subarray(-(1 << 20)).equals(a.subarray(-(1 << 20)))).toBe(true);
  const middle = a.length / 2;
  expect(b.subarray(middle + 1, middle + 1000).equals(a.subarray(middle, middle + 999))).toBe(false);
});
