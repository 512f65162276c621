import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon } from '../../../src/app/daemon.ts';
import { timeText } from '../../../src/cli/format.ts';
import { must } from '../../../src/common/errors.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import type { DoctorCheck, DoctorReport } from '../../../src/rpc/home-report.ts';
import { type Answer, type CliDevice, cliDevice, startCliServer, testPassword } from '../../helpers/cli.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type Child, repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

let url: string;
let server: Child;
let accounts = 0;

beforeAll(async () => {
  ({ url, child: server } = await startCliServer());
});
afterAll(() => server.kill());

/** A device of a new account. */
async function signedUp(): Promise<{ device: CliDevice; email: string; base: string }> {
  const device = await cliDevice();
  const email = `user${++accounts}@example.org`;
  const made = await device.run(['signup', '--server', url, '--email', email]);
  expect(made.code, made.stderr).toBe(0);
  return { device, email, base: await tempFolder('folders') };
}

async function joined(email: string): Promise<CliDevice> {
  const device = await cliDevice();
  expect((await device.run(['login', '--server', url, '--email', email])).code).toBe(0);
  return device;
}

/** Makes the first page of a table or index of the database unreadable. */
function damage(path: string, name: string): void {
  const database = new Database(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const size = Number(database.pragma('page_size', { simple: true }));
  const page = Number(database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name));
  database.close();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, (page - 1) * size, page * size));
}

const checkOf = ({ json }: Answer, begin: string): DoctorCheck | undefined =>
  (json as DoctorReport).checks.find(({ name }) => name.startsWith(begin));

describe('folder pairs', () => {
  it('are added, listed, located and removed; files stay', async () => {
    const { device, base } = await signedUp();
    const former = join(base, 'Notes');
    const folder = join(base, 'Renamed');
    const added = await device.run(['add', former]);
    expect(added.json).toMatchObject({ folder: former, vaultName: 'Notes', isNewVault: true });
    writeFileSync(join(former, 'a.txt'), 'a');
    expect((await device.run(['pairs'])).json.pairs).toHaveLength(1);
    expect((await device.run(['plan', '--pair', `${former}/`])).json.counts).toMatchObject({ up: 1 });
    renameSync(former, folder);
    const located = await device.text(['locate', former, folder]);
    expect(located).toMatchObject({ code: 0, stdout: expect.stringContaining(`${folder} is kept in step`) });
    expect((await device.run(['remove', `${relative(repository, folder)}/`])).json).toEqual({ pair: added.json.pair });
    expect((await device.run(['pairs'])).json.pairs).toEqual([]);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('a');
    expect(existsSync(join(device.home, 'pairs', added.json.pair))).toBe(false);
    const again = await device.run(['add', folder, '--vault', 'Notes']);
    expect(again.json).toMatchObject({ vault: added.json.vault, isNewVault: false });
  });

  it('are said to be as they were last known when nothing runs, whoever looked into the vault meanwhile', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'Known');
    await device.run(['add', folder]);
    const known = async () => (await device.run(['status'])).json.pairs[0];
    expect(await known()).toMatchObject({ state: 'scanning', lastSyncedAt: null });
    writeFileSync(join(folder, 'a.txt'), 'a');
    await device.run(['sync']);
    const before = await known();
    expect(before).toMatchObject({ state: 'up-to-date', files: 1, lastSyncedAt: expect.any(Number) });
    for (const words of [['verify'], ['ls']]) expect((await device.run(words)).code).toBe(0);
    expect(await known()).toEqual(before);
    writeFileSync(join(folder, 'a.txt'), 'another');
    await device.run(['sync']);
    await device.run(['restore', 'a.txt']);
    expect(await known()).toMatchObject({ state: 'scanning', message: 'Changes wait for a sync', pending: 1 });
    await device.run(['sync']);
    expect(await known()).toMatchObject({ state: 'up-to-date', pending: 0 });
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('a');
  });

  it('give back what is in the trash of this computer, by the batch that is listed', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'Kept');
    await device.run(['add', folder]);
    await device.run(['sync']);
    for (const [batch, text] of Object.entries({ '7': 'one', '7.2': 'two' })) {
      mkdirSync(join(folder, '.holdfast', 'trash', batch, 'docs'), { recursive: true });
      writeFileSync(join(folder, '.holdfast', 'trash', batch, 'docs', 'f.txt'), text);
    }
    const listed = (await device.run(['trash'])).json.trash;
    expect(listed.map((item: { batch: string; copy: number }) => [item.batch, item.copy]).sort()).toEqual([
      ['7', 1],
      ['7', 2],
    ]);
    const back = await device.run(['restore', 'docs/f.txt', '--trash', '7.2']);
    expect(back.json).toEqual({ path: 'docs/f.txt', batch: null });
    expect(readFileSync(join(folder, 'docs', 'f.txt'), 'utf8')).toBe('two');
    expect((await device.run(['restore', 'docs/f.txt', '--trash', '7.2'])).code).not.toBe(0);
    expect((await device.run(['restore', 'docs/f.txt', '--trash', '../7'])).code).toBe(1);
    expect((await device.run(['empty-trash'])).json.error).toMatchObject({ reason: 'not-confirmed' });
    expect((await device.run(['empty-trash', '--yes'])).json).toEqual({ files: 1 });
    expect((await device.run(['trash'])).json.trash).toEqual([]);
    await device.run(['sync']);
    expect((await device.run(['ls', 'docs'])).json.entries).toMatchObject([{ name: 'f.txt', size: 3 }]);
  });

  it('give back what was deleted in the vault, by its batch, also where something new has its name', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'Kept');
    await device.run(['add', folder]);
    for (const text of ['former', null, 'new', 'newer']) {
      if (text === null) rmSync(join(folder, 'f.txt'));
      else writeFileSync(join(folder, 'f.txt'), text);
      await device.run(['sync']);
    }
    const [gone] = (await device.run(['trash'])).json.trash;
    expect(gone).toMatchObject({ where: 'vault', path: 'f.txt', size: 6 });
    const back = await device.run(['restore', 'f.txt', '--trash', gone.batch]);
    expect(back).toMatchObject({ code: 0, json: { path: null, batch: expect.any(String) } });
    await device.run(['sync']);
    expect(readFileSync(join(folder, 'f.txt'), 'utf8')).toBe('newer');
    expect(readFileSync(join(folder, 'f (restored).txt'), 'utf8')).toBe('former');
    expect((await device.run(['restore', 'f.txt', '--trash', gone.batch])).json.error).toMatchObject({
      kind: 'missing',
    });
  });

  it('are refused where they make no sense, and nothing is made', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'one');
    writeFileSync(join(base, 'file'), '');
    await device.run(['add', folder, '--vault', 'One']);
    const refusals: [string, string[], string][] = [
      [folder, [], 'repeated'],
      [join(folder, 'inner'), [], 'nested'],
      [base, [], 'nested'],
      [join(base, 'file'), [], 'not-a-folder'],
      [join(base, 'missing', 'deep'), [], 'parent-missing'],
      [join(device.home, 'x'), [], 'own-state'],
      ['/', [], 'root-too-wide'],
      [join(base, 'two'), ['--vault', 'One'], 'vault-repeated'],
      [join(base, 'n'.repeat(256)), [], 'too-long'],
    ];
    for (const [path, words, reason] of refusals) {
      const answer = await device.run(['add', path, ...words]);
      expect(answer.json.error, path).toMatchObject({ reason, message: expect.stringMatching(/\.$/) });
      expect(answer.code).toBe(4);
    }
    expect(readdirSync(base).sort()).toEqual(['file', 'one']);
    expect(readdirSync(folder)).not.toContain('inner');
    expect((await device.run(['pairs'])).json.pairs).toHaveLength(1);
  });

  it('have only a part of a vault on a device, if a person wants that', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'f');
    await device.run(['add', folder]);
    mkdirSync(join(folder, 'big'));
    writeFileSync(join(folder, 'big/x'), '1');
    writeFileSync(join(folder, 'keep'), '22');
    await device.run(['sync']);
    const answer = await device.run(['deselect', 'big']);
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.json.deselected).toMatchObject([{ path: 'big', kind: 'folder' }]);
    expect((await device.run(['sync'])).code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['.holdfast', 'keep']);
    expect((await device.text(['deselect'])).stdout).toContain('big/');
    writeFileSync(join(folder, '.holdfastignore'), '*.tmp\n');
    writeFileSync(join(folder, 'a.tmp'), '');
    writeFileSync(join(folder, 'keep'), '333');
    const rules = { 'big/x': /not selected/, 'a.tmp': /is ignored/, keep: /edited on this device/ };
    for (const [path, rule] of Object.entries(rules)) {
      expect((await device.run(['why', path])).json.rule, path).toMatch(rule);
    }
    expect((await device.run(['select', 'nothing'])).json.error).toMatchObject({ kind: 'missing' });
    expect((await device.run(['select', 'big'])).json).toEqual({ deselected: [] });
    await device.run(['sync']);
    expect(readFileSync(join(folder, 'big/x'), 'utf8')).toBe('1');
  });

  it('that are left have nothing of a person in the stage, where a process died on the way', async () => {
    const { device, base } = await signedUp();
    const ends = { removed: ['remove', 'removed'], left: ['logout', '--force'] };
    for (const name of Object.keys(ends)) {
      await device.run(['add', join(base, name)]);
      mkdirSync(join(base, name, 'd'));
      writeFileSync(join(base, name, 'd/file'), name);
    }
    await device.run(['sync']);
    for (const [name, command] of Object.entries(ends)) {
      const fs = openNodeFileSystem(join(base, name));
      await fs.park('d' as RelativePath, must(await fs.stat('d' as RelativePath)), 'key');
      expect(readdirSync(join(base, name))).toEqual(['.holdfast']);
      expect((await device.run(command)).code).toBe(0);
      expect(readFileSync(join(base, name, 'd/file'), 'utf8')).toBe(name);
    }
  });

  it('that were left, or have less on this device by now, lose nothing when an older home is put back', async () => {
    const { device, email, base } = await signedUp();
    for (const name of ['part', 'left']) {
      const folder = join(base, name);
      await device.run(['add', folder]);
      for (const part of ['a', 'b']) {
        mkdirSync(join(folder, part));
        writeFileSync(join(folder, part, 'file'), name);
      }
    }
    expect((await device.run(['sync'])).code).toBe(0);
    cpSync(device.home, `${device.home}.before`, { recursive: true });
    await device.run(['deselect', 'a', '--pair', 'part']);
    await device.run(['sync', '--pair', 'part']);
    await device.run(['remove', 'left']);
    for (const part of ['a', 'b']) rmSync(join(base, 'left', part), { recursive: true });
    rmSync(device.home, { recursive: true });
    renameSync(`${device.home}.before`, device.home);

    const synced = await device.run(['sync']);
    expect(synced.json).toMatchObject({ deletesUp: 0, filesDown: 0 });
    const messages = synced.json.pairs.map(({ message }: { message: string }) => message);
    expect(messages).toEqual(['Up to date', expect.stringContaining('another folder is at its place')]);
    expect((await device.run(['deselect', '--pair', 'part'])).json.deselected).toMatchObject([{ path: 'a' }]);
    const other = await joined(email);
    for (const name of ['part', 'left']) await other.run(['add', join(base, `${name}-2`), '--vault', name]);
    await other.run(['sync']);
    for (const name of ['part', 'left']) expect(readdirSync(join(base, `${name}-2`))).toEqual(['.holdfast', 'a', 'b']);
    // What is chosen again is chosen for that home, too.
    expect((await device.run(['select', 'a', '--pair', 'part'])).json.deselected).toEqual([]);
    await device.run(['sync', '--pair', 'part']);
    expect(readFileSync(join(base, 'part/a/file'), 'utf8')).toBe('part');
  });

  it('need an account', async () => {
    const device = await cliDevice();
    const alone = 'sync plan ls issues trash verify pause resume'.split(' ').map((name) => [name]);
    for (const words of [['add', '/tmp/x'], ['remove', 'x'], ...alone]) {
      const answer = await device.run(words);
      expect(answer.code, words[0]).toBe(4);
      expect(answer.json.error.reason).toBe('not-signed-in');
    }
    expect((await device.run(['status'])).json).toMatchObject({ state: 'signed-out', pairs: [] });
  });

  it('need a word which one is meant, if there are several', async () => {
    const { device, base } = await signedUp();
    for (const name of ['A', 'B']) await device.run(['add', join(base, name)]);
    writeFileSync(join(base, 'A', 'x'), 'x');
    expect((await device.run(['sync'])).json.pairs).toHaveLength(2);
    expect((await device.run(['ls'])).json.error.reason).toBe('which-pair');
    expect((await device.run(['ls', '--pair', 'A'])).json.entries).toHaveLength(1);
    expect((await device.run(['ls', join(base, 'A')])).json.entries).toHaveLength(1);
  });
});

describe('syncing', () => {
  it('takes files from one device to another and says so', async () => {
    const { device: a, email, base } = await signedUp();
    const b = await joined(email);
    const [fromA, fromB] = [join(base, 'a'), join(base, 'b')];
    await a.run(['add', fromA, '--vault', 'V']);
    expect((await b.run(['add', fromB, '--vault', 'V'])).json.isNewVault).toBe(false);
    mkdirSync(join(fromA, 'd'));
    writeFileSync(join(fromA, 'd', 'x.txt'), 'hello');

    expect((await a.run(['plan'])).json.counts).toMatchObject({ up: 2, down: 0 });
    const up = await a.run(['sync']);
    expect(up.code, up.stderr).toBe(0);
    expect(up.json).toMatchObject({ converged: true, filesUp: 1, issues: 0, held: 0 });
    const down = await b.run(['sync']);
    expect(down.json).toMatchObject({ converged: true, filesDown: 1 });
    expect(readFileSync(join(fromB, 'd', 'x.txt'), 'utf8')).toBe('hello');
    expect((await b.run(['sync'])).json).toMatchObject({ filesUp: 0, filesDown: 0, operations: 0 });

    expect((await b.run(['status'])).json).toMatchObject({ state: 'up-to-date', isRunning: false });
    expect((await b.run(['ls', '-r'])).json.entries.map((entry: { path: string }) => entry.path)).toEqual([
      'd',
      'd/x.txt',
    ]);
    expect((await b.run(['versions', 'd/x.txt'])).json.versions).toHaveLength(1);
    expect((await b.run(['verify', '--deep'])).json).toMatchObject({ problems: [], objects: 1 });
    expect((await b.run(['why', join(fromB, 'd', 'x.txt')])).json).toMatchObject({ path: 'd/x.txt' });
    expect((await b.run(['activity'])).json.activity.length).toBeGreaterThan(0);
    await a.run(['sync']);
    const [ofA, ofB] = await Promise.all(
      [a, b].map(async (device) => checkOf(await device.run(['doctor']), 'history')),
    );
    expect(ofA?.message).toMatch(/^The vault “V” is at change \d+, with the compare code( [a-z]+){8}\. /);
    expect(ofB).toMatchObject({ result: 'ok', message: ofA?.message });
  });

  it('tell what happened in all of them as one list, page by page, also while one of them is away', async () => {
    const device = await cliDevice();
    const base = await tempFolder('folders');
    // What happened, within this process: a command for each step of it would take most of the time.
    const { service, close } = await startDaemon(device.home, {});
    const email = `user${++accounts}@example.org`;
    await service.signup({ server: url, email, password: testPassword, deviceName: 'device' });
    const { pair } = await service.add({ folder: join(base, 'one'), vault: 'one', isPaused: false });
    await service.add({ folder: join(base, 'two'), vault: 'two', isPaused: false });
    for (const name of ['one/a', 'two/b', 'one/c', 'two/d']) {
      writeFileSync(join(base, name), name);
      expect(await service.sync({ pair: null })).toMatchObject({ converged: true });
    }
    const ofOne = await service.activity({ pair, limit: 100, before: null });
    expect(ofOne.activity).toHaveLength(2);
    const before = ofOne.activity[0]?.batch ?? null;
    expect(await service.activity({ pair, limit: 100, before })).toMatchObject({
      activity: [{ changes: [{ path: 'a' }] }],
      next: null,
    });
    await expect(service.activity({ pair: null, limit: 100, before })).rejects.toThrow();
    await close();

    const told: string[] = [];
    let from: string[] = [];
    for (let pages = 0; pages < 2; pages++) {
      const { activity, next } = (await device.run(['activity', '--limit', '2', ...from])).json;
      for (const { folder, changes } of activity) told.push(`${folder}: ${changes[0].path}`);
      from = ['--before', next];
    }
    expect(told).toEqual([
      `${join(base, 'two')}: d`,
      `${join(base, 'one')}: c`,
      `${join(base, 'two')}: b`,
      `${join(base, 'one')}: a`,
    ]);
    renameSync(join(base, 'two'), join(base, 'away'));
    expect((await device.run(['activity'])).json.activity.length).toBeGreaterThanOrEqual(2);
  });

  it('leaves a paused pair alone, and tells', async () => {
    const { device, base } = await signedUp();
    await device.run(['add', join(base, 'p')]);
    writeFileSync(join(base, 'p', 'x'), 'x');
    expect((await device.run(['pause'])).json.pairs[0].isPaused).toBe(true);
    const paused = await device.run(['sync']);
    expect(paused.code).toBe(2);
    expect(paused.json).toMatchObject({ converged: false, state: 'paused', filesUp: 0 });
    expect((await device.run(['status'])).json).toMatchObject({ state: 'paused', pairs: [{ state: 'paused' }] });
    expect((await device.run(['resume'])).json.pairs[0].isPaused).toBe(false);
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, filesUp: 1 });
  });

  it('leaves a pair alone for as long as it was paused, also when nothing ran meanwhile', async () => {
    const { device, base } = await signedUp();
    await device.run(['add', join(base, 'p')]);
    writeFileSync(join(base, 'p', 'x'), 'x');
    for (const minutes of ['0', '1.5', '10081', 'x', ''])
      expect((await device.run(['pause', '--minutes', minutes])).code, minutes).toBe(1);
    const before = Date.now();
    const { pausedUntil } = (await device.run(['pause', '--minutes', '30'])).json.pairs[0];
    expect(pausedUntil - before).toBeGreaterThanOrEqual(30 * 60_000);
    expect((await device.run(['status'])).json.pairs[0]).toMatchObject({ state: 'paused', pausedUntil });
    const until = new RegExp(` paused until ${timeText(pausedUntil)} `);
    expect((await device.text(['status'])).stdout).toMatch(until);
    expect((await device.run(['sync'])).json.state).toBe('paused');

    /** As if the clock went on. */
    const endsAt = (time: number): void => {
      const path = join(device.home, 'config.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"pausedUntil": \d+/, `"pausedUntil": ${time}`));
    };
    endsAt(Date.now() - 1);
    expect((await device.run(['status'])).json.pairs[0]).toMatchObject({ state: 'scanning', pausedUntil: null });
    expect((await device.run(['pairs'])).json.pairs[0]).toMatchObject({ isPaused: false, pausedUntil: null });
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, filesUp: 1 });

    await device.run(['pause', '--minutes', '30']);
    writeFileSync(join(base, 'p', 'y'), 'y');
    endsAt(Date.now() + 1500);
    const { child } = await device.start(['daemon']);
    await eventually(async () => (await device.run(['status'])).json.pairs[0].files === 2);
    expect((await device.run(['status'])).json.pairs[0]).toMatchObject({ pausedUntil: null });
    await child.kill('SIGTERM');
  });

  it('says that the folder is gone also where something else needed its person before', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'usb');
    await device.run(['add', folder]);
    symlinkSync('nowhere', join(folder, 'link'));
    await device.run(['sync']);
    expect((await device.run(['status'])).json.message).toMatch(/One issue needs you$/);
    renameSync(folder, `${folder}.away`);
    await device.run(['sync']);
    expect((await device.run(['status'])).json).toMatchObject({
      state: 'root-missing',
      message: expect.stringContaining(`${folder} is missing`),
    });
  });

  it('deletes nothing when the folder is gone or another one is at its place', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'usb');
    await device.run(['add', folder]);
    writeFileSync(join(folder, 'x'), 'x');
    await device.run(['sync']);
    renameSync(folder, `${folder}.away`);
    for (const isMountPoint of [false, true]) {
      if (isMountPoint) mkdirSync(folder);
      const answer = await device.run(['sync']);
      expect(answer.code).toBe(2);
      expect(answer.json).toMatchObject({ converged: false, state: 'root-missing', filesUp: 0, operations: 0 });
      expect((await device.run(['status'])).json.state).toBe('root-missing');
      expect((await device.text(['issues'])).stdout).toMatch(/^root {2}root\n/);
      expect((await device.run(['issues'])).json.issues).toEqual([expect.objectContaining({ kind: 'root' })]);
      const examined = await device.run(['doctor']);
      expect(examined.code).toBe(2);
      expect(checkOf(examined, 'folder')).toMatchObject({
        result: 'failed',
        hint: expect.stringMatching(/^Reconnect /),
      });
    }
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
    renameSync(`${folder}.away`, folder);
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, operations: 0 });
  });

  it('makes a damaged index anew, without loss and without conflict copies', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'i');
    const { pair } = (await device.run(['add', folder])).json;
    writeFileSync(join(folder, 'x'), 'x');
    await device.run(['sync']);
    const index = join(device.home, 'pairs', pair, 'index.db');
    writeFileSync(index, 'this is no database, but it is long enough to look like one'.repeat(100));
    expect((await device.run(['sync'])).json).toMatchObject({ converged: true, conflicts: 0 });
    expect(readdirSync(join(device.home, 'pairs', pair))).toContain('index.db.corrupt-1');
    expect(readdirSync(folder).sort()).toEqual(['.holdfast', 'x']);
  });

  it('makes an index anew of which only what a status reads is damaged, also while it watches', async () => {
    const { device, base } = await signedUp();
    const folder = join(base, 'told');
    const { pair } = (await device.run(['add', folder])).json;
    writeFileSync(join(folder, 'x'), 'x');
    await device.run(['sync']);
    const state = join(device.home, 'pairs', pair);
    const setAside = () => readdirSync(state).filter((name) => /corrupt-\d+$/.test(name)).length;
    for (const [made, part] of ['blocked_retry', 'sqlite_autoindex_issue_1'].entries()) {
      damage(join(state, 'index.db'), part);
      expect((await device.run(['sync'])).json, part).toMatchObject({ converged: true, conflicts: 0 });
      expect(setAside(), part).toBe(made + 1);
    }
    damage(join(state, 'index.db'), 'blocked_retry');
    const { child } = await device.start(['daemon']);
    await eventually(() => setAside() === 3, { what: 'the damaged index set aside' });
    await eventually(async () => (await device.run(['status'])).json.state === 'up-to-date', { what: 'the end of it' });
    expect((await device.run(['stop'])).json).toEqual({ stopped: true });
    expect(await child.finished).toMatchObject({ code: 0 });
    expect(readdirSync(folder).sort()).toEqual(['.holdfast', 'x']);
  });

  it('leaves an index of a newer app as it is, and syncs the other pairs', async () => {
    const { device, base } = await signedUp();
    const { pair } = (await device.run(['add', join(base, 'n')])).json;
    await device.run(['add', join(base, 'other')]);
    await device.run(['sync']);
    writeFileSync(join(base, 'other', 'x'), 'x');
    const path = join(device.home, 'pairs', pair, 'index.db');
    const index = new Database(path);
    index.pragma('user_version = 9999');
    index.close();
    const before = readFileSync(path);
    const answer = await device.run(['sync']);
    expect(answer).toMatchObject({ code: 4 });
    expect(answer.json.error.kind).toBe('version');
    expect((await device.run(['issues'])).json.issues).toEqual([
      expect.objectContaining({ pair, kind: 'too-old', message: expect.stringMatching(/newer version/) }),
    ]);
    expect((await device.run(['resolve', 'none', 'keep'])).json.error.reason).toBe('no-such-issue');
    expect((await device.run(['ls', '--pair', 'other'])).json.entries).toMatchObject([{ path: 'x' }]);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(device.home, 'pairs', pair)).some((name) => name.includes('corrupt'))).toBe(false);
  });

  it('shows a security stop of the account everywhere, and does nothing any more', async () => {
    const { device, base } = await signedUp();
    await device.run(['add', join(base, 's')]);
    const path = join(device.home, 'account.json');
    const account = JSON.parse(readFileSync(path, 'utf8'));
    account.pin.frozen = { code: 'E_FORK', message: 'Another history.', seq: null, device: null, atUs: 1_000_000 };
    writeFileSync(path, JSON.stringify(account));
    writeFileSync(join(base, 's', 'x'), 'x');
    const answer = await device.run(['sync']);
    expect(answer.code).toBe(5);
    expect(answer.json.error).toMatchObject({ kind: 'security', security: 'E_FORK' });
    expect((await device.run(['status'])).json.state).toBe('frozen');
    expect((await device.run(['issues'])).json.issues).toContainEqual(
      expect.objectContaining({ id: 'account', security: 'E_FORK' }),
    );
  });

  it('ends with exit code 3 while the server cannot be reached, and the status says so afterwards', async () => {
    const other = await startCliServer();
    const device = await cliDevice();
    await device.run(['signup', '--server', other.url, '--email', 'off@example.org']);
    const folder = join(await tempFolder(), 'f');
    await device.run(['add', folder]);
    await device.run(['sync']);
    const { lastSyncedAt } = (await device.run(['status'])).json.pairs[0];
    await other.child.kill('SIGTERM');
    const answer = await device.run(['sync']);
    expect(answer.code).toBe(3);
    expect(answer.json).toMatchObject({ converged: false, state: 'offline' });
    const message = expect.stringMatching(/Offline: The server .+ cannot be reached/);
    const since = expect.any(Number);
    const said = { state: 'offline', message, pairs: [{ lastSyncedAt, since }] };
    expect((await device.run(['status'])).json).toMatchObject(said);
    expect((await device.text(['status'])).stdout).toMatch(/ offline since \d{4}-/);
  });
});

describe('the server', () => {
  it('ends cleanly when it is told to, and refuses a second one on its data', async () => {
    const one = await startCliServer();
    const second = await (await cliDevice()).run(['serve', '--data', one.data]);
    expect(second.json.error.message).toMatch(/\.$/);
    expect(second.code).toBe(4);
    for (const [signal, running] of [
      ['SIGTERM', one],
      ['SIGINT', await startCliServer()],
    ] as const) {
      expect(await running.child.kill(signal)).toMatchObject({ code: 0, signal: null });
    }
  });

  it('says so where its data cannot be', async () => {
    const file = join(await tempFolder(), 'file');
    writeFileSync(file, '');
    // What takes no folders, `/proc` answers in its own way; elsewhere it is one more place that cannot be.
    for (const data of [file, '/proc/holdfast']) {
      const refused = await (await cliDevice()).run(['serve', '--data', data]);
      expect(refused).toMatchObject({ code: 4 });
      expect(refused.json.error).toMatchObject({ kind: 'io', message: expect.stringContaining(data) });
    }
  });

  it('does not talk to other computers without https', async () => {
    const data = join(await tempFolder(), 'data');
    const answer = await (await cliDevice()).run(['serve', '--data', data, '--listen', '0.0.0.0:0']);
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.json.error.reason).toBe('no-tls');
    expect(existsSync(data)).toBe(false);
  });

  it.each([
    ['empty', '', /empty/],
    ['something else', 'no key\n', /no key and its certificate/],
  ])('says so where key and certificate are %s', async (_, text, message) => {
    const base = await tempFolder();
    const file = join(base, 'file.pem');
    writeFileSync(file, text);
    const words = ['--data', join(base, 'data'), '--tls-key', file, '--tls-cert', file];
    const answer = await (await cliDevice()).run(['serve', ...words]);
    expect(answer).toMatchObject({ code: 1 });
    expect(answer.json.error).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
  });
});

describe('a daemon', () => {
  it('serves every command while it runs, syncs by itself, and stops when asked', async () => {
    const { device: a, email, base } = await signedUp();
    const b = await joined(email);
    const [fromA, fromB] = [join(base, 'a'), join(base, 'b')];
    await a.run(['add', fromA, '--vault', 'V']);
    const { child, ready } = await b.start(['daemon']);
    expect(ready).toMatchObject({ pid: child.pid, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#/) });

    // Added through the door, watched from then on.
    await b.run(['add', fromB, '--vault', 'V']);
    writeFileSync(join(fromA, 'x'), '1');
    expect((await a.run(['sync'])).code).toBe(0);
    await eventually(() => existsSync(join(fromB, 'x')), { what: 'the file on the other device' });
    writeFileSync(join(fromB, 'y'), '22');
    expect((await b.run(['sync'])).json).toMatchObject({ converged: true });
    expect((await b.run(['status'])).json).toMatchObject({ isRunning: true, state: 'up-to-date' });
    await a.run(['sync']);
    expect(readFileSync(join(fromA, 'y'), 'utf8')).toBe('22');

    expect((await b.run(['daemon'])).code).toBe(4);
    expect((await b.run(['stop'])).json).toEqual({ stopped: true });
    expect(await child.finished).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(existsSync(join(b.home, 'daemon.json'))).toBe(false);
    expect((await b.run(['stop'])).json).toEqual({ stopped: false });
    expect((await b.run(['status'])).json).toMatchObject({ isRunning: false, state: 'up-to-date' });
  });

  it('of another version says so to each command, and ends by `stop`', async () => {
    const device = await cliDevice();
    const { child } = await device.start(['daemon']);
    const path = join(device.home, 'daemon.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"rpcVersion": \d+/, '"rpcVersion": 1'));
    expect((await device.run(['status'])).json.error).toMatchObject({ kind: 'version', reason: 'daemon-version' });
    expect((await device.run(['stop'])).json).toEqual({ stopped: true });
    expect(await child.finished).toMatchObject({ code: 0 });
    expect((await device.run(['stop'])).json).toEqual({ stopped: false });
  });

  it('that was killed leaves nothing in the way of the next command', async () => {
    const { device, base } = await signedUp();
    await device.run(['add', join(base, 'f')]);
    const { child } = await device.start(['daemon']);
    await child.kill('SIGKILL');
    expect(existsSync(join(device.home, 'daemon.json'))).toBe(true);
    expect((await device.run(['status'])).json).toMatchObject({ isRunning: false });
    expect((await device.run(['sync'])).code).toBe(0);
    const again = await device.start(['daemon']);
    expect(await again.child.kill('SIGTERM')).toMatchObject({ code: 0 });
  });
});
