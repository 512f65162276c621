import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { searchBytes } from '../../demo/search-bytes.ts';
import { type CliDevice, cliDevice, startCliServer, testPassword } from '../../helpers/cli.ts';
import { eventually } from '../../helpers/eventually.ts';
import { repository, startNode } from '../../helpers/run.ts';
import { type Files, filesIn, plantedContent, shown, type Tree, withoutMarks } from '../../helpers/scenario-files.ts';
import type { Order, Role, Row } from '../../helpers/scenario-rows.ts';
import { tempFolder } from '../../helpers/temp.ts';

type Act = (at: Files) => void;

/** A row whose persons do no more than what files can do. */
interface SampleRow extends Pick<Row, 'id' | 'promise'> {
  readonly init?: Act;
  readonly a?: Act;
  readonly b?: Act;
  readonly end: readonly Tree[] | ((order: Order) => Tree);
}

const mib = 1024 * 1024;
const large = Buffer.alloc(3 * mib, plantedContent);
const shifted = Buffer.concat([large.subarray(5), Buffer.from('other')]);
const grown = Buffer.concat([Buffer.from('and another'), large]);
const numbers = Array.from({ length: 60 }, (_, i) => i);
const byFirst =
  (a: Tree, b: Tree) =>
  ({ first }: Order): Tree =>
    first === 'A' ? a : b;

/** Of groups 1 to 4. All of them run in one folder pair at once, each in a folder of its own. */
const rows: readonly SampleRow[] = [
  { id: 'BAS-03', promise: 'an empty file', a: (at) => at.write('f', ''), end: [{ f: '' }] },
  {
    id: 'BAS-06',
    promise: 'an edit',
    init: (at) => at.write('f', '1'),
    a: (at) => at.write('f', '22'),
    end: [{ f: '22' }],
  },
  {
    id: 'BAS-13',
    promise: 'a folder deleted',
    init: (at) => {
      for (const path of ['d/x', 'd/y', 'd/e/z']) at.write(path, path);
    },
    a: (at) => at.rm('d'),
    end: [{}],
  },
  {
    id: 'BAS-15',
    promise: 'created and deleted',
    a: (at) => {
      at.write('f', '1');
      at.rm('f');
    },
    end: [{}],
  },
  {
    id: 'BAS-18',
    promise: 'large files, two of them equal',
    a: (at) => {
      at.write('one', large);
      at.write('two', large);
      at.write('three', shifted);
    },
    b: (at) => at.write('four', grown),
    end: [{ one: shown(large), two: shown(large), three: shown(shifted), four: shown(grown) }],
  },
  {
    id: 'MOV-03',
    promise: 'a folder of many files renamed',
    init: (at) => {
      for (const i of numbers) at.write(`d/${i}`, `${i}`);
    },
    a: (at) => at.mv('d', 'e'),
    end: [{ 'e/': '', ...Object.fromEntries(numbers.map((i) => [`e/${i}`, `${i}`])) }],
  },
  {
    id: 'MOV-11',
    promise: 'two folders exchanged',
    init: (at) => {
      at.write('a/x', '1');
      at.write('b/y', '22');
    },
    a: (at) => {
      at.mv('a', 't');
      at.mv('b', 'a');
      at.mv('t', 'b');
    },
    end: [{ 'a/': '', 'a/y': '22', 'b/': '', 'b/x': '1' }],
  },
  {
    id: 'MOV-12',
    promise: 'three files in a ring',
    init: (at) => {
      for (const name of ['a', 'b', 'c']) at.write(name, name.repeat(3));
    },
    a: (at) => {
      at.mv('c', 't');
      at.mv('b', 'c');
      at.mv('a', 'b');
      at.mv('t', 'a');
    },
    end: [{ a: 'ccc', b: 'aaa', c: 'bbb' }],
  },
  {
    id: 'MOV-14',
    promise: 'a chain of folders turned upside down',
    init: (at) => at.write('a/b/c/f', '1'),
    a: (at) => {
      at.mv('a/b/c', 'c');
      at.mv('a/b', 'c/b');
      at.mv('a', 'c/b/a');
    },
    end: [{ 'c/': '', 'c/f': '1', 'c/b/': '', 'c/b/a/': '' }],
  },
  {
    id: 'MOV-15',
    promise: 'a move over another file',
    init: (at) => {
      at.write('a', '1');
      at.write('b', '22');
    },
    a: (at) => at.mv('a', 'b'),
    end: [{ b: '1' }],
  },
  {
    id: 'MOV-17',
    promise: 'moved, and another made at its place',
    init: (at) => at.write('a', '1'),
    a: (at) => {
      at.mv('a', 'b');
      at.write('a', '22');
    },
    end: [{ a: '22', b: '1' }],
  },
  {
    id: 'TYP-02',
    promise: 'a folder becomes a file',
    init: (at) => at.write('x/c', 'c'),
    a: (at) => {
      at.rm('x');
      at.write('x', '1');
    },
    end: [{ x: '1' }],
  },
  {
    id: 'TYP-05',
    promise: 'a file and a folder exchange names',
    init: (at) => {
      at.write('a', '1');
      at.write('d/c', 'c');
    },
    a: (at) => {
      at.mv('a', 't');
      at.mv('d', 'a');
      at.mv('t', 'd');
    },
    end: [{ 'a/': '', 'a/c': 'c', d: '1' }],
  },
  {
    id: 'TYP-12',
    promise: 'a file here, a folder there',
    a: (at) => at.write('n', '1'),
    b: (at) => at.write('n/c', 'c'),
    end: byFirst({ n: '1', 'cc(n)/': '', 'cc(n)/c': 'c' }, { 'n/': '', 'n/c': 'c', 'cc(n)': '1' }),
  },
  {
    id: 'CON-01',
    promise: 'edited on both',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: (at) => at.write('f', 'BB'),
    end: byFirst({ f: 'A', 'cc(f)': 'BB' }, { f: 'BB', 'cc(f)': 'A' }),
  },
  {
    id: 'CON-02',
    promise: 'the same edit on both',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: (at) => at.write('f', 'A'),
    end: [{ f: 'A' }],
  },
  {
    id: 'CON-05',
    promise: 'edited here, deleted there',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: (at) => at.rm('f'),
    end: [{ f: 'A' }],
  },
  {
    id: 'CON-08',
    promise: 'renamed here, edited there',
    init: (at) => at.write('f', '0'),
    a: (at) => at.mv('f', 'g'),
    b: (at) => at.write('f', 'BB'),
    end: [{ g: 'BB' }],
  },
  {
    id: 'CON-13',
    promise: 'moved to a name that is made there',
    init: (at) => at.write('a', '1'),
    a: (at) => at.mv('a', 'n'),
    b: (at) => at.write('n', 'BB'),
    end: byFirst({ n: '1', 'cc(n)': 'BB' }, { n: 'BB', 'cc(n)': '1' }),
  },
  {
    id: 'CON-17',
    promise: 'a folder deleted here, something new in it there',
    init: (at) => at.write('d/x', 'x'),
    a: (at) => at.rm('d'),
    b: (at) => at.write('d/n', 'new'),
    end: [{ 'd/': '', 'd/n': 'new' }],
  },
  {
    id: 'CON-20',
    promise: 'a folder deleted here, something moved out of it there',
    init: (at) => at.write('d/a', 'a'),
    a: (at) => at.rm('d'),
    b: (at) => at.mv('d/a', 'out'),
    end: [{ out: 'a' }],
  },
  {
    id: 'CON-25',
    promise: 'a folder renamed here, a file in it deleted there',
    init: (at) => at.write('d/x', 'x'),
    a: (at) => at.mv('d', 'e'),
    b: (at) => at.rm('d/x'),
    end: [{ 'e/': '' }],
  },
  {
    id: 'CON-32',
    promise: 'two folders, each into the other',
    init: (at) => {
      at.mkdir('x');
      at.mkdir('y');
    },
    a: (at) => at.mv('x', 'y/x'),
    b: (at) => at.mv('y', 'x/y'),
    end: byFirst({ 'y/': '', 'y/x/': '' }, { 'x/': '', 'x/y/': '' }),
  },
  {
    id: 'NAM-22',
    promise: 'names beyond ASCII where the locale knows none',
    init: (at) => at.write('ä/ö', '0'),
    a: (at) => at.write('ü\u{1f980}', '1'),
    b: (at) => at.mv('ä/ö', 'ß'),
    end: [{ 'ä/': '', 'ü\u{1f980}': '1', ß: '0' }],
  },
];

let url: string;
let data: string;
let stopServer: () => Promise<unknown>;
let one: CliDevice;
let two: CliDevice;

beforeAll(async () => {
  // For all processes that this file starts.
  vi.stubEnv('LC_ALL', 'C');
  vi.stubEnv('LANG', 'C');
  const server = await startCliServer();
  ({ url, data } = server);
  stopServer = () => server.child.kill();
  one = await cliDevice('one');
  two = await cliDevice('two');
  for (const [device, command] of [
    [one, 'signup'],
    [two, 'login'],
  ] as const) {
    const done = await device.run([command, '--server', url, '--email', 'k@example.org', '--device', command]);
    expect(done.code, done.stderr).toBe(0);
  }
});
afterAll(() => stopServer());

/** Sealed bytes that the server holds. */
const stored = (): number =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );

async function synced(device: CliDevice): Promise<{ operations: number; converged: boolean }> {
  const done = await device.run(['sync']);
  expect(done.code, `${done.stdout}${done.stderr}`).toBe(0);
  return done.json;
}

/** A sync by command that is killed so many milliseconds after its start, wherever that is. */
async function syncAndKill(device: CliDevice, afterMs: number): Promise<void> {
  const child = startNode([join(repository, 'src/cli/holdfast.mjs'), 'sync', '--home', device.home, '--json']);
  const timer = setTimeout(() => child.signal('SIGKILL'), afterMs);
  await child.finished;
  clearTimeout(timer);
}

/** Straight after the person acted, in the middle of sending, and once more. */
async function actAndDie(device: CliDevice, act: () => void): Promise<void> {
  const first = (await device.start(['daemon'])).child;
  act();
  await first.kill();
  const before = stored();
  const second = (await device.start(['daemon'])).child;
  await eventually(() => stored() - before > mib / 2, { what: 'something to be sent' });
  await second.kill();
  await syncAndKill(device, 500);
  await synced(device);
}

describe('groups 1 to 4, in timing R: real processes, killed', () => {
  for (const first of ['A', 'B'] as const) {
    test(`all rows of the sample, ${first} first`, async () => {
      const order: Order = { first, second: first === 'A' ? 'B' : 'A' };
      const actors: Record<Role, CliDevice> = first === 'A' ? { A: one, B: two } : { A: two, B: one };
      const folders: Record<Role, string> = {
        A: join(await tempFolder('a'), `Folder ${first}`),
        B: join(await tempFolder('b'), `Folder ${first}`),
      };
      for (const role of ['A', 'B'] as const) {
        const added = await actors[role].run(['add', folders[role]]);
        expect(added.code, added.stderr).toBe(0);
      }
      const at = (role: Role, row: SampleRow): Files => filesIn(join(folders[role], row.id));
      for (const row of rows) {
        at('A', row).mkdir('.');
        row.init?.(at('A', row));
      }
      await synced(actors.A);
      await synced(actors.B);
      for (const role of [order.first, order.second]) {
        await actAndDie(actors[role], () => {
          for (const row of rows) (role === 'A' ? row.a : row.b)?.(at(role, row));
        });
      }
      for (let round = 0; ; round++) {
        const reports = [await synced(actors[order.first]), await synced(actors[order.second])];
        if (reports.every((report) => report.converged && report.operations === 0)) break;
        expect(round, 'rounds until nothing is left to do').toBeLessThan(5);
      }
      for (const row of rows) {
        const tree = withoutMarks(at('A', row).tree());
        const ends = typeof row.end === 'function' ? [row.end(order)] : row.end;
        expect(tree, `${row.id} ${row.promise}`).toEqual(ends.length === 1 ? ends[0] : expect.toBeOneOf([...ends]));
        expect(at('B', row).tree(), `${row.id} ${row.promise}`).toEqual(at('A', row).tree());
      }
      for (const role of ['A', 'B'] as const) {
        expect(readdirSync(join(folders[role], '.holdfast/stage'))).toEqual([]);
        const { home } = actors[role];
        for (const pair of readdirSync(join(home, 'pairs'))) {
          const index = new Database(join(home, 'pairs', pair, 'index.db'), { readonly: true });
          expect(index.pragma('integrity_check', { simple: true })).toBe('ok');
          index.close();
        }
      }
      const verified = await actors.A.run(['verify', '--deep']);
      expect(verified.code, verified.stdout).toBe(0);
    });
  }

  test('I6 nothing that was planted is found in what the server keeps, nor in the logs of the devices', async () => {
    const words = [plantedContent, 'conflict from', 'CON-32', 'Folder A', testPassword, 'ü\u{1f980}'];
    expect((await searchBytes(data, words)).found).toEqual([]);
    for (const { home } of [one, two]) {
      expect(existsSync(join(home, 'logs'))).toBe(true);
      expect((await searchBytes(join(home, 'logs'), [plantedContent, testPassword])).found).toEqual([]);
    }
  });
});
