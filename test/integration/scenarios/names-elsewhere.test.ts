import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalNameRules } from '../../../src/model/local-name-rules.ts';
import { foldingDisk } from '../../fakes/folding-disk.ts';
import { linuxRules, macRules, windowsRules } from '../../fakes/memory-trees.ts';
import type { DeviceSetup, ScenarioDevice } from '../../helpers/scenario-device.ts';
import { bytesOf } from '../../helpers/scenario-files.ts';
import { expectOracles, expectSound } from '../../helpers/scenario-oracles.ts';
import { inStep, issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { type ScenarioWorld, scenarioWorld } from '../../helpers/scenario-world.ts';

/** A device whose disk takes names as another system does. */
const system = (rules: LocalNameRules): DeviceSetup => ({
  disk: (disk) => foldingDisk(disk, rules),
  traits: (found) => ({ ...found, nameRules: rules }),
});

/** The vault's names as this device knows them, files only. */
const vaultNames = async (device: ScenarioDevice): Promise<string[]> =>
  Object.keys(await device.vaultTree())
    .filter((path) => !path.endsWith('/'))
    .sort();

let world: ScenarioWorld;
beforeAll(async () => {
  world = await scenarioWorld();
});
afterAll(async () => {
  expect(await world.leaks(['com1.txt', 'end.'])).toEqual([]);
  await world.close();
});

const on = (
  rules: LocalNameRules,
  body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>,
): (() => Promise<void>) => {
  return () => withDevices(world, [{}, system(rules)], body);
};

for (const [name, rules] of [
  ['Windows', windowsRules],
  ['macOS', macRules],
] as const) {
  describe.concurrent(`5 Names, with a device whose disk is like that of ${name}`, () => {
    test(
      'NAM-01 a change of case is a rename, on both',
      on(rules, async (a, b) => {
        a.files.write('d/f', '1');
        await inStep(a, b);
        const [before] = await b.now.pair.list('d/f', { isRecursive: false, withDeleted: false });
        a.files.mv('d/f', 'd/F');
        await inStep(a, b);
        expect(b.files.tree()).toEqual({ 'd/': '', 'd/F': '1' });
        b.files.mv('d', 'D');
        await inStep(b, a);
        expect(a.files.tree()).toEqual({ 'D/': '', 'D/F': '1' });
        const [after] = await b.now.pair.list('D/F', { isRecursive: false, withDeleted: false });
        expect(after?.node).toBe(before?.node);
        await expectOracles([a, b]);
      }),
    );

    test(
      'NAM-03, NAM-04 two names that differ in case only are both there, one under another name; when one goes the other stays',
      on(rules, async (a, b) => {
        a.files.write('a.txt', '1');
        a.files.write('A.txt', '22');
        await inStep(a, b);
        const [plain, marked] = Object.keys(b.files.tree()).sort((x, y) => x.length - y.length);
        expect([plain, marked].map((path) => path?.toLowerCase())).toEqual(['a.txt', 'a (~2).txt']);
        expect(Object.values(b.files.tree()).sort()).toEqual(['1', '22']);
        expect(await vaultNames(b)).toEqual(['A.txt', 'a.txt']);
        // Which of the two is meant, only the vault's names tell.
        expect(['a.txt', 'A.txt'].map((path) => b.now.pair.placeOnDisk(path)).sort()).toEqual([plain, marked].sort());
        // An edit under the other name is an edit of the same file.
        b.files.write(String(marked), '4444');
        await inStep(b, a);
        expect(Object.keys(a.files.tree())).toEqual(['A.txt', 'a.txt']);
        expect(Object.values(a.files.tree())).toContain('4444');
        await expectSound([a, b]);
        a.files.rm('a.txt');
        await inStep(a, b);
        expect(Object.values(b.files.tree())).toEqual(Object.values(a.files.tree()));
        expect(await vaultNames(b)).toEqual(['A.txt']);
        await expectSound([a, b]);
      }),
    );

    test(
      'NAM-06 a rename onto a name that differs in case only overwrites nothing',
      on(rules, async (a, b) => {
        a.files.write('test', '1');
        a.files.write('TEST2', '22');
        await inStep(a, b);
        a.files.mv('TEST2', 'TEST');
        await inStep(a, b);
        expect(b.files.tree()).toEqual({ test: '1', 'TEST (~2)': '22' });
        expect(a.files.tree()).toEqual({ test: '1', TEST: '22' });
        await expectSound([a, b]);
      }),
    );

    test(
      'NAM-07 folders whose names differ in case only do not merge',
      on(rules, async (a, b) => {
        a.files.write('A/f', '1');
        await inStep(a, b);
        a.files.write('a/f', '22');
        a.files.write('a/g', '333');
        await inStep(a, b);
        expect(b.files.tree()).toEqual({ 'A/': '', 'A/f': '1', 'a (~2)/': '', 'a (~2)/f': '22', 'a (~2)/g': '333' });
        // What is put into either goes where it belongs.
        b.files.write('a (~2)/h', '4444');
        b.files.write('A/h', '55555');
        await inStep(b, a);
        expect(a.files.tree()).toMatchObject({ 'a/h': '4444', 'A/h': '55555' });
        await expectSound([a, b]);
      }),
    );

    test(
      'NAM-07 a folder that stays for what is ignored in it is taken up again, also in other letters',
      on(rules, async (a, b) => {
        a.files.write('Build/x', '1');
        await inStep(a, b);
        b.files.write('Build/y.part', 'ignored');
        a.files.rm('Build');
        await inStep(a, b);
        expect(b.files.tree()).toEqual({ 'Build/': '', 'Build/y.part': 'ignored' });
        a.files.write('build/z', '22');
        await a.sync();
        await b.sync();
        expect(b.files.tree()).toEqual({ 'build/': '', 'build/y.part': 'ignored', 'build/z': '22' });
        await inStep(a, b);
        expect(a.files.tree()).toEqual({ 'build/': '', 'build/z': '22' });
        await expectSound([a, b]);
      }),
    );

    test(
      'NAM-03 created on both sides at once: both contents, on both',
      on(rules, async (a, b) => {
        await inStep(a, b);
        a.files.write('A.txt', '1');
        b.files.write('a.txt', '22');
        await inStep(a, b);
        expect(Object.values(b.files.tree()).sort()).toEqual(['1', '22']);
        expect(Object.values(a.files.tree()).sort()).toEqual(['1', '22']);
        await expectSound([a, b]);
      }),
    );

    test(
      'NAM-01 an exchange of two names that differ in case only',
      on(rules, async (a, b) => {
        a.files.write('x', '1');
        a.files.write('X', '22');
        await inStep(a, b);
        a.files.mv('x', 't');
        a.files.mv('X', 'x');
        a.files.mv('t', 'X');
        await inStep(a, b);
        expect(a.files.tree()).toEqual({ x: '22', X: '1' });
        expect(Object.values(b.files.tree()).sort()).toEqual(['1', '22']);
        await expectSound([a, b]);
      }),
    );
  });
}

describe.concurrent('5 Names, with a device on Windows', () => {
  test(
    'NAM-15, NAM-16 names that it cannot hold are spelled otherwise there, and only there',
    on(windowsRules, async (a, b) => {
      const names = ['CON', 'nul', 'com1.txt', 'AUX.c', 'end.', 'end ', '...', 'a:b', 'q?', 'tab\t', '50%', '5%:'];
      for (const [i, name] of names.entries()) a.files.write(name, 'x'.repeat(i + 1));
      a.files.write(' lead', 'a leading space is fine');
      a.files.write('lpt1.d/prn', 'in a folder');
      await inStep(a, b);
      expect(await vaultNames(b)).toEqual([...names, ' lead', 'lpt1.d/prn'].sort());
      const there = Object.keys(b.files.tree());
      expect(there).toHaveLength(names.length + 3);
      for (const path of there) {
        for (const part of path.split('/').filter((name) => name !== '')) {
          expect(part).not.toMatch(/[<>:"|?*\\]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        }
      }
      expect(b.files.read('CO%4E')).toBe('x');
      expect(b.files.read('50%')).toBe('x'.repeat(11));
      expect(['CON', 'lpt1.d/prn', '', 'none'].map((path) => b.now.pair.placeOnDisk(path))).toEqual([
        ...['CO%4E', 'lpt%31.d/pr%6E', '', null],
      ]);
      await expectSound([a, b]);
      // Edits go up under the true name; a rename there replaces it; a move keeps it.
      b.files.write('CO%4E', 'edited there');
      b.files.mv('nu%6C', 'zero');
      b.files.mv('end%2E', 'moved/end%2E');
      b.files.rm('a%3Ab');
      await inStep(b, a);
      expect(a.files.read('CON')).toBe('edited there');
      expect(a.files.read('zero')).toBe('xx');
      expect(a.files.has('nul')).toBe(false);
      expect(a.files.read('moved/end.')).toBe('xxxxx');
      expect(a.files.has('a:b')).toBe(false);
      await expectSound([a, b]);
    }),
  );

  test(
    'NAM-15 a name that is possible there again gets back',
    on(windowsRules, async (a, b) => {
      a.files.write('CON', '1');
      await inStep(a, b);
      a.files.mv('CON', 'console');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({ console: '1' });
      await expectOracles([a, b]);
    }),
  );

  test(
    'NAM-16 a name like its escaped form is a neighbour, not the same',
    on(windowsRules, async (a, b) => {
      a.files.write('CO%4E', 'literal');
      a.files.write('CON', 'reserved');
      await inStep(a, b);
      expect(Object.values(b.files.tree()).sort()).toEqual(['literal', 'reserved']);
      expect(await vaultNames(b)).toEqual(['CO%4E', 'CON']);
      await expectSound([a, b]);
    }),
  );
});

describe.concurrent('5 Names, at the limits of a disk', () => {
  const shortNames: LocalNameRules = { ...linuxRules, maxLength: { unit: 'utf8', length: 143 } };

  test(
    'NAM-18 a name too long for one disk is shortened there, between characters, and keeps its extension',
    on(shortNames, async (a, b) => {
      const name = `${'\u20ac'.repeat(80)}.txt`;
      a.files.write(name, '1');
      a.files.write(`${'\u20ac'.repeat(80)}x/${name}`, '22');
      await inStep(a, b);
      const [folder, inside, file] = Object.keys(b.files.tree()).sort();
      for (const path of [folder, inside, file]) {
        for (const part of String(path).split('/')) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(143);
      }
      expect(Object.keys(b.files.tree()).filter((path) => path.endsWith(' (~1).txt'))).toHaveLength(2);
      const top = Object.keys(b.files.tree()).find((path) => !path.includes('/')) ?? '';
      b.files.write(top, 'edited there');
      await inStep(b, a);
      expect(a.files.read(name)).toBe('edited there');
      await expectSound([a, b]);
    }),
  );

  test('NAM-19 a path of 3,900 bytes arrives', () =>
    withDevices(world, [], async (a, b) => {
      const path = [...Array.from({ length: 15 }, (_, i) => String(i % 10).repeat(250)), 'x'.repeat(100), 'f'].join(
        '/',
      );
      expect(path.length).toBeGreaterThan(3850);
      a.files.write(path, '1');
      await inStep(a, b);
      expect(b.files.read(path)).toBe('1');
      await expectOracles([a, b]);
    }));

  test('NAM-19 a path longer than the system takes arrives or is shown, and nothing else suffers', () =>
    withDevices(world, [], async (a, b) => {
      const names = Array.from({ length: 12 }, (_, i) => String(i % 10).repeat(200));
      const outer = names.join('/');
      const inner = names.map((name) => `m${name}`);
      a.files.write(`${outer}/first`, '1');
      a.files.write(`${inner.join('/')}/last`, '22');
      await inStep(a, b);
      // The folders in the folders: 4,900 bytes from the root on. No tool that works by paths sees the end of it.
      a.files.mv(String(inner[0]), `${outer}/${inner[0]}`);
      a.files.write('other', '333');
      try {
        const { isConverged } = await a.now.pair.sync();
        await b.now.pair.sync();
        await a.now.pair.sync();
        expect(b.files.read('other')).toBe('333');
        expect(b.files.read(`${outer}/first`)).toBe('1');
        if (!isConverged) expect((await a.now.pair.issues()).length).toBeGreaterThan(0);
      } finally {
        a.files.mv(`${outer}/${inner[0]}`, 'short');
        if (b.files.has(`${outer}/${inner[0]}`)) b.files.mv(`${outer}/${inner[0]}`, 'short');
      }
      await inStep(a, b);
      expect(b.files.read(`short/${inner.slice(1).join('/')}/last`)).toBe('22');
      await expectOracles([a, b]);
    }));
});

describe.concurrent('5 Names that no vault holds', () => {
  test.runIf(process.platform === 'linux')(
    'NAM-13 a name that is no UTF-8 is shown, the scan goes on, and nothing is deleted for it',
    () =>
      withDevices(world, [], async (a, b) => {
        const raw = (text: string): Buffer =>
          Buffer.concat([Buffer.from(`${a.files.root}/`), Buffer.from(text, 'latin1')]);
        a.files.write('d/known', '1');
        await inStep(a, b);
        writeFileSync(raw('d/bad-\xe4'), bytesOf('a file'));
        mkdirSync(raw('d/folder-\xe4'));
        writeFileSync(raw('d/folder-\xe4/inside'), bytesOf('inside'));
        a.files.write('d/new', '22');
        // The sync of a scenario device reads the folder by plain text.
        const sync = () => a.now.pair.sync();
        expect((await sync()).issues).toBe(2);
        await b.sync();
        expect(b.files.tree()).toEqual({ 'd/': '', 'd/known': '1', 'd/new': '22' });
        expect(Object.values(await issuesOf(a))).toEqual(['name-not-syncable', 'name-not-syncable']);
        expect(a.now.pair.status().state).toBe('needs-attention');
        expect(readdirSync(a.files.at('d'), { encoding: 'buffer' })).toHaveLength(4);
        // A synced file that gets such a name keeps its content; once it has a good one again it is the old file.
        renameSync(a.files.at('d/known'), raw('d/known-\xe4'));
        await sync();
        await inStep(b);
        expect(readFileSync(raw('d/known-\xe4'))).toEqual(bytesOf('1'));
        renameSync(raw('d/known-\xe4'), a.files.at('d/known'));
        rmSync(raw('d/bad-\xe4'));
        rmSync(raw('d/folder-\xe4'), { recursive: true });
        await inStep(a, b);
        expect(b.files.tree()).toEqual({ 'd/': '', 'd/known': '1', 'd/new': '22' });
        expect(await issuesOf(a)).toEqual({});
        await expectOracles([a, b]);
      }),
  );

  test('NAM-21 the name of our own folder is refused and shown, wherever it is and however it is spelled', () =>
    withDevices(world, [], async (a, b) => {
      a.files.write('.Holdfast/f', '1');
      a.files.write('d/.holdfast/f', '22');
      a.files.write('d/g', '333');
      await a.sync();
      await b.sync();
      expect(b.files.tree()).toEqual({ 'd/': '', 'd/g': '333' });
      expect(await issuesOf(a)).toEqual({ '.Holdfast': 'name-not-syncable', 'd/.holdfast': 'name-not-syncable' });
      expect(a.files.read('.Holdfast/f')).toBe('1');
      expect(a.files.read('d/.holdfast/f')).toBe('22');
      // The folder around it goes away elsewhere: here it stays for what is in it.
      b.files.rm('d');
      await inStep(b, a);
      expect(a.files.tree()).toEqual({
        '.Holdfast/': '',
        '.Holdfast/f': '1',
        'd/': '',
        'd/.holdfast/': '',
        'd/.holdfast/f': '22',
      });
      await expectSound([a, b]);
    }));

  test('NAM-10 one content under two Unicode forms on two devices is one file', () =>
    withDevices(world, [], async (a, b) => {
      await inStep(a, b);
      a.files.write('caf\u00e9', '1');
      b.files.write('cafe\u0301', '1');
      await inStep(a, b);
      expect(a.files.tree()).toEqual({ 'caf\u00e9': '1' });
      expect(b.files.tree()).toEqual({ 'cafe\u0301': '1' });
      expect(await vaultNames(b)).toEqual(['caf\u00e9']);
      b.files.write('cafe\u0301', '22');
      await inStep(b, a);
      expect(a.files.tree()).toEqual({ 'caf\u00e9': '22' });
      await expectSound([a, b]);
    }));

  test('NAM-19 the longest name that a disk holds arrives, and its conflict copy fits', () =>
    withDevices(world, [], async (a, b) => {
      const name = `${'\u20ac'.repeat(83)}.txt12`;
      expect(Buffer.byteLength(name)).toBe(255);
      a.files.write(name, '0');
      await inStep(a, b);
      a.files.write(name, '1');
      b.files.write(name, '22');
      await inStep(a, b);
      expect(Object.values(b.files.tree()).sort()).toEqual(['1', '22']);
      await expectOracles([a, b]);
      expect(readdirSync(join(b.files.root)).filter((found) => found.endsWith('.txt12'))).toHaveLength(2);
    }));
});
