import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { expectIdle, expectOracles, expectSameTrees, expectSound } from '../../helpers/scenario-oracles.ts';
import { inStep, issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { type ScenarioWorld, scenarioWorld } from '../../helpers/scenario-world.ts';

let world: ScenarioWorld;
beforeAll(async () => {
  world = await scenarioWorld();
});
afterAll(async () => {
  expect(await world.leaks(['tmp/\n'])).toEqual([]);
  await world.close();
});

const on = (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>) => () => withDevices(world, [], body);

/** Rules as a person writes them, plain. */
const rule = (device: ScenarioDevice, text: string, folder = ''): void =>
  device.files.write(`${folder}.holdfastignore`, Buffer.from(text));

const without = (tree: Readonly<Record<string, string>>, ...paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.includes(path)));

describe.concurrent('6 Ignore rules', () => {
  test(
    'IGN-02 a rule for folders takes no file of that name',
    on(async (a, b) => {
      rule(a, 'tmp/\n');
      a.files.write('tmp/x', '1');
      a.files.write('d/tmp', '22');
      a.files.write('d/e/tmp/y', '333');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({ '.holdfastignore': 'tmp/\n', 'd/': '', 'd/tmp': '22', 'd/e/': '' });
      expect(await issuesOf(a)).toEqual({});
      expect(a.now.pair.status().state).toBe('up-to-date');
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-02 a file where a folder was that such a rule came to be for goes up, beside the folder',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      await inStep(a, b);
      rule(a, 'd/\n');
      await inStep(a, b);
      a.files.rm('d');
      a.files.write('d', '22');
      await inStep(a, b);
      const [name = ''] = Object.keys(b.files.tree()).filter((path) => path.startsWith('d ('));
      expect(without(b.files.tree(), '.holdfastignore')).toEqual({ 'd/': '', 'd/x': '1', [name]: '22' });
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({ [name]: '22' });
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-03 an exception holds',
    on(async (a, b) => {
      rule(a, '*.log\n!keep.log\n');
      a.files.write('a.log', '1');
      a.files.write('keep.log', '22');
      a.files.write('d/keep.log', '333');
      await inStep(a, b);
      expect(without(b.files.tree(), '.holdfastignore')).toEqual({ 'keep.log': '22', 'd/': '', 'd/keep.log': '333' });
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-05 a synced file that comes to be ignored stays everywhere; edited, and the rule gone, it goes up once',
    on(async (a, b) => {
      a.files.write('f', '1');
      await inStep(a, b);
      rule(a, 'f\n');
      a.files.write('f', '22');
      await a.now.pair.sync();
      await inStep(b);
      expect(b.files.read('f')).toBe('1');
      a.files.write('f', '333');
      await inStep(a, b);
      expect(b.files.read('f')).toBe('1');
      a.files.rm('.holdfastignore');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({ f: '333' });
      expect(await a.now.pair.versions('f')).toHaveLength(2);
      await expectOracles([a, b]);
    }),
  );

  test(
    'IGN-06 deleted elsewhere, an ignored file stays',
    on(async (a, b) => {
      a.files.write('f', '1');
      a.files.write('d/g', '22');
      await inStep(a, b);
      // Each device has rules of its own as long as they have not met.
      rule(a, 'f\nd/\n');
      await a.sync();
      b.files.rm('f');
      b.files.rm('d');
      await inStep(b, a);
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({ f: '1', 'd/': '', 'd/g': '22' });
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-06 deleted here while ignored: it stays in the vault, and comes back when the rule goes',
    on(async (a, b) => {
      a.files.write('f', '1');
      await inStep(a, b);
      rule(a, 'f\n');
      await inStep(a, b);
      a.files.rm('f');
      await inStep(a, b);
      expect(b.files.read('f')).toBe('1');
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-08 renamed to a name that is not ignored, a file goes up; renamed to one that is, it leaves the vault',
    on(async (a, b) => {
      rule(a, '*.tmp\n');
      a.files.write('x.tmp', '1');
      await inStep(a, b);
      a.files.mv('x.tmp', 'x');
      await inStep(a, b);
      expect(without(b.files.tree(), '.holdfastignore')).toEqual({ x: '1' });
      await expectOracles([a, b]);
      a.files.mv('x', 'y.tmp');
      await inStep(a, b);
      expect(a.files.read('y.tmp')).toBe('1');
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-09 a folder deleted elsewhere stays for what is ignored in it, and only for that',
    on(async (a, b) => {
      rule(a, '*.o\n');
      a.files.write('d/x', '1');
      a.files.write('d/e/y', '22');
      a.files.write('other', '333');
      await inStep(a, b);
      a.files.write('d/x.o', 'built');
      await inStep(a, b);
      b.files.rm('d');
      await inStep(b, a);
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({ 'd/': '', 'd/x.o': 'built', other: '333' });
      expect(b.files.has('d')).toBe(false);
      await expectSound([a, b]);
      expect(b.files.has('d')).toBe(false);
    }),
  );

  test(
    'IGN-09 likewise for what is ignored deep in it',
    on(async (a, b) => {
      rule(a, '*.o\n');
      a.files.write('d/e/f/x', '1');
      await inStep(a, b);
      a.files.write('d/e/f/x.o', 'built');
      await a.sync();
      b.files.rm('d');
      await inStep(b, a);
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({
        'd/': '',
        'd/e/': '',
        'd/e/f/': '',
        'd/e/f/x.o': 'built',
      });
      expect(b.files.has('d')).toBe(false);
      await expectSound([a, b]);
      expect(b.files.has('d')).toBe(false);
      // Something new in it brings the folders back.
      a.files.write('d/e/new', '22');
      await inStep(a, b);
      expect(without(b.files.tree(), '.holdfastignore')).toEqual({ 'd/': '', 'd/e/': '', 'd/e/new': '22' });
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-09 a folder that stayed goes with the last of what was ignored in it, and makes room',
    on(async (a, b) => {
      rule(a, '*.o\n');
      a.files.write('d/e/x', '1');
      await inStep(a, b);
      a.files.write('d/e/x.o', 'built');
      await a.sync();
      b.files.rm('d');
      await inStep(b, a);
      b.files.write('d', 'a file by now');
      await b.sync();
      expect(await a.sync()).toMatchObject({ isConverged: false, issues: 1 });
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({ 'd/': '', 'd/e/': '', 'd/e/x.o': 'built' });
      a.files.rm('d/e/x.o');
      await inStep(a, b);
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({ d: 'a file by now' });
      // What the person deleted themselves was never in the vault.
      await expectSameTrees([a, b]);
      await expectIdle([a, b]);
    }),
  );

  test(
    'IGN-09 the rules of the deleted folder itself go on to apply to what stays in it, also after a restart',
    on(async (a, b) => {
      rule(a, 'build/\n*.key\n', 'project/');
      a.files.write('project/src/main', '1');
      await inStep(a, b);
      a.files.write('project/build/out', 'built');
      a.files.write('project/src/my.key', 'secret');
      await a.sync();
      b.files.rm('project');
      await inStep(b, a);
      const stayed = {
        'project/': '',
        'project/.holdfastignore': 'build/\n*.key\n',
        'project/build/': '',
        'project/build/out': 'built',
        'project/src/': '',
        'project/src/my.key': 'secret',
      };
      expect(a.files.tree()).toEqual(stayed);
      await expectSound([a, b]);
      expect(a.files.tree()).toEqual(stayed);
      expect(b.files.tree()).toEqual({});
      // Something new in it is synced again, by these rules.
      a.files.write('project/new', '22');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({
        'project/': '',
        'project/.holdfastignore': 'build/\n*.key\n',
        'project/new': '22',
      });
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-09 a folder deleted elsewhere does not stay for what the system makes in it by itself',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      await inStep(a, b);
      a.files.write('d/.DS_Store', 'view');
      a.files.write('d/._x', 'beside x');
      await a.sync();
      b.files.rm('d');
      await inStep(b, a);
      expect(a.files.tree()).toEqual({});
      await expectOracles([a, b]);
    }),
  );

  test(
    'IGN-09 made anew elsewhere, the folder that stayed is taken up again',
    on(async (a, b) => {
      rule(a, '*.o\n');
      a.files.write('d/x', '1');
      await inStep(a, b);
      a.files.write('d/x.o', 'built');
      await a.sync();
      b.files.rm('d');
      await inStep(b, a);
      b.files.write('d/z', '22');
      await inStep(b, a);
      expect(without(a.files.tree(), '.holdfastignore')).toEqual({ 'd/': '', 'd/x.o': 'built', 'd/z': '22' });
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-09 a file made elsewhere under the name of the folder that stayed waits, and is shown',
    on(async (a, b) => {
      rule(a, '*.o\n');
      a.files.write('d/x', '1');
      await inStep(a, b);
      a.files.write('d/x.o', 'built');
      await a.now.pair.sync();
      b.files.rm('d');
      await b.sync();
      await a.now.pair.sync();
      b.files.write('d', 'a file now');
      b.files.write('other', '22');
      await b.sync();
      await a.now.pair.sync();
      expect(a.files.read('other')).toBe('22');
      expect(a.files.read('d/x.o')).toBe('built');
      expect(await issuesOf(a)).toEqual({ d: 'file-blocked' });
      a.files.rm('d');
      const [issue] = await a.now.pair.issues();
      await a.now.pair.resolve(String(issue?.id), 'retry');
      await inStep(a, b);
      expect(a.files.read('d')).toBe('a file now');
      await expectOracles([a, b]);
    }),
  );

  test(
    'IGN-11 rules that are broken: the last good ones apply, and the person is told',
    on(async (a, b) => {
      rule(a, '*.key\n');
      a.files.write('one.key', 'secret');
      a.files.write('f', '1');
      await inStep(a, b);
      for (const broken of [Buffer.from([0xff, 0xfe, 0x2a]), Buffer.from('a\0b'), Buffer.from('*a*b*c*d*e*f*')]) {
        a.files.write('.holdfastignore', broken);
        a.files.write('two.key', 'secret');
        a.files.write('g', broken);
        await inStep(a, b);
        expect(Object.keys(b.files.tree()).sort()).toEqual(['.holdfastignore', 'f', 'g']);
        expect(await issuesOf(a)).toMatchObject({ '.holdfastignore': 'ignore-rules' });
        expect(a.now.pair.status().state).toBe('needs-attention');
      }
      rule(a, '*.key\n*.tmp\n');
      a.files.write('x.tmp', '1');
      await inStep(a, b);
      expect(await issuesOf(a)).toEqual({});
      expect(b.files.has('x.tmp')).toBe(false);
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-11 rules that are broken at the start: nothing that they might ignore goes up',
    on(async (a, b) => {
      rule(a, '*.key\n');
      a.files.write('one.key', 'secret');
      a.files.write('d/f', '1');
      await inStep(a, b);
      a.files.write('.holdfastignore', Buffer.from([0xff, 0xfe, 0x2a]));
      a.files.write('d/two.key', 'secret');
      await a.close();
      await a.open();
      await a.now.pair.sync();
      await b.sync();
      expect(Object.keys(b.files.tree()).filter((path) => path.endsWith('.key'))).toEqual([]);
      expect(b.files.read('d/f')).toBe('1');
      expect(await issuesOf(a)).toMatchObject({ '.holdfastignore': 'ignore-rules' });
      const [{ message } = { message: '' }] = await a.now.pair.issues();
      expect(message).toMatch(/Until it can, nothing in its folder is synced\.$/);
      rule(a, '*.key\n');
      await inStep(a, b);
      expect(Object.keys(b.files.tree()).filter((path) => path.endsWith('.key'))).toEqual([]);
      await expectSound([a, b]);
    }),
  );

  test(
    'IGN-06, IGN-11 rules that are broken at the start: what they may leave out is not deleted for it either',
    on(async (a, b) => {
      a.files.write('d/old.key', 'was synced once');
      await inStep(a, b);
      rule(a, '*.key\n');
      await a.sync();
      b.files.rm('d/old.key');
      await b.sync();
      a.files.write('.holdfastignore', Buffer.from([0xff, 0xfe, 0x2a]));
      await a.close();
      await a.open();
      await a.now.pair.sync();
      expect(a.files.read('d/old.key')).toBe('was synced once');
      rule(a, '*.key\n');
      await a.now.pair.sync();
      expect(a.files.read('d/old.key')).toBe('was synced once');
    }),
  );

  test(
    'IGN-11 rules that are broken at the start are mended from elsewhere',
    on(async (a, b) => {
      rule(a, '*.key\n');
      a.files.write('d/f', '1');
      await inStep(a, b);
      a.files.write('.holdfastignore', Buffer.from([0xff, 0xfe, 0x2a]));
      await inStep(a, b);
      await b.close();
      await b.open();
      await b.now.pair.sync();
      expect(await issuesOf(b)).toEqual({ '.holdfastignore': 'ignore-rules' });
      rule(a, '*.key\n');
      a.files.write('d/g', '22');
      await inStep(a, b);
      expect(await issuesOf(b)).toEqual({});
      expect(b.files.tree()).toEqual({ '.holdfastignore': '*.key\n', 'd/': '', 'd/f': '1', 'd/g': '22' });
    }),
  );

  test('IGN-12 an ignored folder of many files is not entered', () => {
    const listed: string[] = [];
    const disk = (fs: FileSystem): FileSystem => ({
      ...fs,
      listFolder: (path) => {
        listed.push(path);
        return fs.listFolder(path);
      },
      listNamed: (path, names) => {
        listed.push(path);
        return fs.listNamed(path, names);
      },
    });
    return withDevices(world, [{ disk }], async (a, b) => {
      rule(a, 'node_modules/\n');
      a.files.write('d/f', '1');
      for (let i = 0; i < 1000; i++) {
        if (i % 25 === 0) mkdirSync(a.files.at(`node_modules/${i / 25}`), { recursive: true });
        writeFileSync(a.files.at(`node_modules/${Math.floor(i / 25)}/${i}`), '');
      }
      await inStep(a, b);
      expect([...new Set(listed)].sort()).toEqual(['', 'd']);
      expect(Object.keys(await a.vaultTree()).sort()).toEqual(['.holdfastignore', 'd/', 'd/f']);
      // Nor is it watched: what happens in it is no reason to look at anything.
      await a.start();
      await a.now.pair.sync();
      await eventually(() => a.now.pair.status().state === 'up-to-date', { what: 'all of it to be looked at' });
      listed.length = 0;
      a.files.write('node_modules/7/new', 'x');
      a.files.rm('node_modules/8');
      a.files.write('d/f', '22');
      await eventually(() => a.now.pair.status().state === 'up-to-date' && listed.length > 0, { what: 'the edit' });
      await b.sync();
      expect(b.files.read('d/f')).toBe('22');
      expect([...new Set(listed)]).toEqual(['d']);
    });
  });

  test(
    'what is not synced keeps its name: a file of that name from elsewhere waits, and is shown',
    on(async (a, b) => {
      await inStep(a, b);
      symlinkSync('/nowhere', a.files.at('name'));
      mkdirSync(a.files.at('d'));
      symlinkSync('/nowhere', a.files.at('d/folder'));
      await a.now.pair.sync();
      b.files.write('name', '1');
      b.files.write('d/folder/f', '22');
      b.files.write('other', '333');
      await b.sync();
      await a.now.pair.sync();
      expect(a.files.has('other')).toBe(true);
      expect((await issuesOf(a))['d/folder']).toBeDefined();
      expect(a.now.pair.status().state).toBe('needs-attention');
      a.files.rm('name');
      a.files.rm('d/folder');
      for (const issue of await a.now.pair.issues()) {
        if (issue.choices.includes('retry')) await a.now.pair.resolve(issue.id, 'retry');
      }
      await inStep(a, b);
      await expectOracles([a, b]);
    }),
  );

  test(
    'a folder deleted elsewhere stays for a link in it, and only for that',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      a.files.write('other', '22');
      await inStep(a, b);
      symlinkSync('x', a.files.at('d/link'));
      await a.now.pair.sync();
      b.files.rm('d');
      await b.sync();
      await a.now.pair.sync();
      expect(b.files.tree()).toEqual({ other: '22' });
      a.files.rm('d/link');
      await a.now.pair.sync();
      expect(a.files.tree()).toEqual({ other: '22' });
      expect(await a.vaultTree()).toEqual({ other: expect.any(Number) });
      await inStep(a, b);
      await expectOracles([a, b]);
    }),
  );
});
