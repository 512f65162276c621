import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';

/** Whether what runs writes and reads moves as the newer version does: by a number that the older one does not know. */
const version = vi.hoisted(() => ({ isNewer: false }));

/** A list of four that begins with this number and an id. */
const moveBy = (number: number): Buffer => Buffer.from([0x84, number, 0x50]);

function renumbered(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(moveBy(from));
  if (version.isNewer && at >= 0) moveBy(to).copy(copy, at);
  return new Uint8Array(copy);
}

vi.mock('../../../src/vault/operation-codec.ts', async (load) => {
  const original = await load<typeof import('../../../src/vault/operation-codec.ts')>();
  return {
    ...original,
    encodeOperations: (...what: Parameters<typeof original.encodeOperations>) =>
      renumbered(original.encodeOperations(...what), 3, 20),
    decodeOperations: (padded: Uint8Array) => original.decodeOperations(renumbered(padded, 20, 3)),
  };
});

let world: SyncWorld;
let a: WorldDevice;
let b: WorldDevice;
const at = ({ folder }: WorldDevice, path: string): string => join(folder, path);

beforeEach(async () => {
  version.isNewer = false;
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
  a = await world.device('A');
  b = await world.device('B');
  writeFileSync(at(a, 'x'), 'x');
  await a.pair.sync();
  await b.pair.sync();
  renameSync(at(a, 'x'), at(a, 'moved'));
  version.isNewer = true;
  await a.pair.sync();
  version.isNewer = false;
});
afterEach(() => world.close());

test('what a newer version wrote is an issue here, and what waits for an update is known', async () => {
  writeFileSync(at(b, 'mine'), 'of B');
  expect(await b.pair.sync()).toMatchObject({ isConverged: false, issues: 1, left: 1 });
  expect(b.pair.status()).toMatchObject({ state: 'needs-attention', messageKind: 'issue', pending: 1 });
  const message = expect.stringMatching(/newer version of Holdfast. Update this one/);
  expect(await b.pair.issues()).toEqual([expect.objectContaining({ kind: 'too-old', message, choices: [] })]);
  expect(b.pair.status().message).toEqual(message);
  expect(existsSync(at(b, 'x'))).toBe(true);
});

test('updated, it goes on from there', async () => {
  writeFileSync(at(b, 'mine'), 'of B');
  await b.pair.sync();
  version.isNewer = true;
  b = await b.restart();
  expect(await b.pair.sync()).toMatchObject({ isConverged: true, issues: 0, filesUp: 1, movesDown: 1 });
  expect(await b.pair.issues()).toEqual([]);
  expect(readFileSync(at(b, 'moved'), 'utf8')).toBe('x');
  await a.pair.sync();
  expect(readFileSync(at(a, 'mine'), 'utf8')).toBe('of B');
});
