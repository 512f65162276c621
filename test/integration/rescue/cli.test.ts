import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliDevice, cliDevice } from '../../helpers/cli.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { plantedPassword, type RescueWorld, rescueWorld } from './rescue-world.ts';

let world: RescueWorld;
let device: CliDevice;
let data: string;
beforeAll(async () => {
  world = await rescueWorld();
  const pair = await world.device(await world.vault('V'));
  pair.files.write('d/f', 'content');
  await pair.sync();
  data = await world.copy();
  // A device that knows nothing of the account.
  device = await cliDevice('rescuer');
});
afterAll(() => world.close());

const newOut = async (): Promise<string> => join(await tempFolder('rescued'), 'out');

describe('holdfast rescue', () => {
  it('writes the files and one JSON document, exit 0; for people, a summary', async () => {
    const out = await newOut();
    const done = await device.run(['rescue', '--data', data, '--out', out], { HOLDFAST_RECOVERY: world.words });
    expect(done.code).toBe(0);
    expect(done.json).toMatchObject({ files: 1, problems: [], vaults: [{ name: 'V', files: 1, folders: 1 }] });
    expect(readFileSync(join(out, 'V/d/f'), 'utf8')).toContain('content');
    const text = await device.text(['rescue', '--data', data, '--out', await newOut()], {
      HOLDFAST_RECOVERY: world.words,
    });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('Rescued 1 file of');
    for (const { stdout, stderr } of [done, text]) {
      for (const secret of [world.words, plantedPassword]) expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('says so where its output cannot be', async () => {
    const words = ['rescue', '--data', data, '--out', '/proc/holdfast'];
    const refused = await device.run(words, { HOLDFAST_RECOVERY: world.words });
    expect(refused).toMatchObject({ code: 4, json: { error: { kind: 'io' } } });
  });

  it('ends with 2 and says what is lost', async () => {
    const copy = await world.copy();
    const db = new Database(join(copy, 'meta.db'));
    const row = db.prepare('SELECT file, offset FROM objects WHERE offset > 0').get() as {
      file: number;
      offset: number;
    };
    db.close();
    const pack = join(copy, 'objects/packs', row.file.toString(16).padStart(14, '0'));
    const bytes = readFileSync(pack);
    bytes[row.offset] = (bytes[row.offset] ?? 0) ^ 1;
    writeFileSync(pack, bytes);
    const words = ['rescue', '--data', copy, '--out', await newOut()];
    const done = await device.run(words, { HOLDFAST_RECOVERY: world.words });
    expect(done.code).toBe(2);
    expect(done.json).toMatchObject({
      files: 0,
      problemCount: 1,
      problems: [{ kind: 'file', vault: 'V', path: 'd/f' }],
    });
    const text = await device.text([...words.slice(0, -1), await newOut()], { HOLDFAST_RECOVERY: world.words });
    expect(text.stdout).toMatch(
      /1 problem:\n {2}V\/d\/f: The newest version is lost: object [0-9a-f]{32} is damaged\./,
    );
  });

  it('ends with 4 when the words open no account here, 1 for bad words, folders and options', async () => {
    const golden = JSON.parse(readFileSync('test/vectors/golden-server/format-1/expected.json', 'utf8'));
    const cases: [readonly string[], string | undefined, number][] = [
      [['--data', data, '--out', await newOut()], golden.words, 4],
      [['--data', data, '--out', await newOut()], 'not the words', 1],
      [['--data', data, '--out', data], world.words, 1],
      [['--data', await tempFolder('empty'), '--out', await newOut()], world.words, 1],
      [['--data', join(data, 'missing'), '--out', await newOut()], world.words, 1],
      [['--out', await newOut()], world.words, 1],
      [['--data', data, '--out', await newOut()], undefined, 1],
    ];
    for (const [options, words, code] of cases) {
      const done = await device.run(['rescue', ...options], words === undefined ? {} : { HOLDFAST_RECOVERY: words });
      expect([options.join(' '), done.code, done.stderr]).toEqual([
        options.join(' '),
        code,
        expect.stringMatching(/\w/),
      ]);
      expect(done.json.error.message).toMatch(/\w/);
    }
  });
});
