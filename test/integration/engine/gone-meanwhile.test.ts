import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';

let world: SyncWorld;
let a: WorldDevice;
let b: WorldDevice;
/** What B's person does right before a file of that path goes to the trash there, for the first time or always. */
let meanwhile: { readonly path: string; readonly act: () => void; readonly isAgain?: boolean } | null;

const write = ({ folder }: WorldDevice, path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const remove = ({ folder }: WorldDevice, path: string): void => rmSync(join(folder, path), { recursive: true });

beforeEach(async () => {
  meanwhile = null;
  world = await syncWorld({
    through: (fs) => ({
      ...fs,
      trashFile: (path, expected, batch) => {
        if (path === meanwhile?.path) {
          meanwhile.act();
          if (meanwhile.isAgain !== true) meanwhile = null;
        }
        return fs.trashFile(path, expected, batch);
      },
    }),
  });
  a = await world.device('A');
  b = await world.device('B');
  write(a, 'd/x', 'x');
  write(a, 'd/y', 'y');
  await a.pair.sync();
  await b.pair.sync();
});
afterEach(() => world.close());

test('a file goes while its folder, deleted elsewhere, is about to stay for what is never synced in it', async () => {
  write(b, 'd/never.swp', '');
  remove(a, 'd');
  await a.pair.sync();
  meanwhile = { path: 'd/x', act: () => remove(b, 'd/x') };
  expect(await b.pair.sync()).toMatchObject({ isConverged: true, issues: 0 });
  expect(meanwhile).toBeNull();
  expect(b.index.integrityCheck()).toEqual([]);
  expect(existsSync(join(b.folder, 'd/never.swp'))).toBe(true);
});

test('a folder that is deselected goes with the edit that was to stay in it: selected again, it comes back whole', async () => {
  write(b, 'd/x', 'edited');
  meanwhile = { path: 'd/y', act: () => remove(b, 'd') };
  await b.pair.setSelected('d', false);
  expect(meanwhile).toBeNull();
  expect(b.index.integrityCheck()).toEqual([]);
  await b.pair.setSelected('d', true);
  for (const device of [b, a]) await device.pair.sync();
  for (const { folder } of [a, b]) expect(existsSync(join(folder, 'd/x'))).toBe(true);
});

test('what changed each time is tried as soon as somebody asks for it, once it is at rest', async () => {
  remove(a, 'd/x');
  await a.pair.sync();
  let times = 0;
  // Written anew with what it held.
  const act = (): void => utimesSync(join(b.folder, 'd/x'), 1, ++times);
  meanwhile = { path: 'd/x', act, isAgain: true };
  expect(await b.pair.sync()).toMatchObject({ isConverged: false, issues: 1 });
  meanwhile = null;
  expect(await b.pair.sync({ isRetrying: true })).toMatchObject({ isConverged: true, issues: 0, deletesDown: 1 });
});
