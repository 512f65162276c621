import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../../src/app/device.ts';
import { deviceService } from '../../../src/app/service.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { PairId } from '../../../src/common/ids.ts';
import type { PairStatus } from '../../../src/model/status.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

/** A file just written is left alone for a moment. */
const clock = { ...systemClock, now: () => systemClock.now() + 5_000 };

describe('a synced folder that was moved', () => {
  let server: TestServer;
  let device: Device;
  let service: Service;
  let base: string;
  let folder: string;
  let elsewhere: string;
  let pair: PairId;

  beforeAll(async () => {
    server = await startTestServer();
    device = openDevice(
      await appPorts(async (_, session) => server.connect(session), { clock }),
      createBandwidth(clock),
    );
    service = deviceService(device, null);
    const password = 'quiet lamp orbits seven pines';
    await service.signup({ server: server.url, email: 'ada@example.org', password, deviceName: 'First' });
  });
  afterAll(async () => {
    await device.close();
    await server.close();
  });
  beforeEach(async () => {
    base = await tempFolder('folders');
    folder = join(base, 'Documents');
    elsewhere = join(base, 'big/Papers');
    mkdirSync(dirname(elsewhere));
    ({ pair } = await service.add({ folder, vault: basename(base), isPaused: false }));
    for (const name of ['a', 'left out', 'deleted']) writeFileSync(join(folder, name), name);
    await sync();
    await service.select({ pair, path: 'left out', isSelected: false });
    rmSync(join(folder, 'deleted'));
    expect(await sync()).toMatchObject({ converged: true, deletesUp: 1 });
    expect(existsSync(join(folder, 'left out'))).toBe(false);
  });

  const sync = () => service.sync({ pair });
  const status = async () => (await service.status({})).pairs.find((each) => each.pair === pair);
  const locate = (where: string) => service.locate({ pair, folder: where });
  /** As from one disk to another. */
  const moveOver = (): void => {
    cpSync(folder, elsewhere, { recursive: true, preserveTimestamps: true });
    rmSync(folder, { recursive: true });
  };

  it.each(['on its disk', 'to another disk'])(
    '%s goes on there, with what it leaves out and its edits',
    async (way) => {
      const { ino } = statSync(join(folder, 'a'));
      if (way === 'on its disk') renameSync(folder, elsewhere);
      else moveOver();
      expect((await sync()).pairs).toMatchObject([{ state: 'root-missing' }]);
      writeFileSync(join(elsewhere, 'a'), 'edited meanwhile');
      expect(await locate(elsewhere)).toMatchObject({ pair, folder: elsewhere, vaultName: basename(base) });
      expect(await sync()).toMatchObject({ converged: true, filesUp: 1, filesDown: 0, deletesUp: 0, conflicts: 0 });
      expect(await sync()).toMatchObject({ converged: true, operations: 0 });
      expect(statSync(join(elsewhere, 'a')).ino === ino).toBe(way === 'on its disk');
      expect(existsSync(join(elsewhere, 'left out'))).toBe(false);
      const vault = { pair, path: '', isRecursive: false, withDeleted: false };
      expect((await service.ls(vault)).entries).toContainEqual(expect.objectContaining({ path: 'left out' }));
      expect(await status()).toMatchObject({ folder: elsewhere, state: 'up-to-date' });
      expect((await service.pairs({})).pairs).toContainEqual(expect.objectContaining({ pair, folder: elsewhere }));
      expect(existsSync(folder)).toBe(false);
    },
  );

  it('is taken only if it is that one, alone, and in nobody’s way', async () => {
    const refused = (reason: string) => expect.objectContaining({ kind: 'refused', reason });
    mkdirSync(join(base, 'unmarked'));
    await expect(locate(join(base, 'unmarked'))).rejects.toEqual(refused('not-its-folder'));
    cpSync(folder, elsewhere, { recursive: true });
    await expect(locate(elsewhere)).rejects.toEqual(refused('still-there'));
    const other = join(base, 'other');
    await service.add({ folder: other, vault: null, isPaused: false });
    await service.sync({ pair: other });
    rmSync(folder, { recursive: true });
    await expect(locate(other)).rejects.toEqual(refused('repeated'));
    cpSync(elsewhere, join(other, 'inside'), { recursive: true });
    await expect(locate(join(other, 'inside'))).rejects.toEqual(refused('nested'));
    cpSync(other, join(base, 'other copied'), { recursive: true });
    await expect(locate(join(base, 'other copied'))).rejects.toEqual(refused('not-its-folder'));
    await expect(locate(join(base, 'nothing'))).rejects.toMatchObject({ kind: 'io', reason: 'root-gone' });
    expect((await service.pairs({})).pairs).toContainEqual(expect.objectContaining({ pair, folder }));
    // A new folder at its old place is another one.
    mkdirSync(folder);
    await expect(locate(elsewhere)).resolves.toMatchObject({ folder: elsewhere });
  });

  it('and was put in the place of the first one, as from a backup, is merged', async () => {
    const backup = join(base, 'backup');
    cpSync(folder, backup, { recursive: true, preserveTimestamps: true });
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'after the backup');
    await sync();
    rmSync(folder, { recursive: true });
    renameSync(backup, folder);
    expect((await sync()).pairs).toMatchObject([{ state: 'root-missing' }]);
    await locate(folder);
    expect(await sync()).toMatchObject({ converged: true, deletesUp: 0, conflicts: 1 });
    for (const name of ['a', 'b']) expect(readFileSync(join(folder, name), 'utf8')).toBe('after the backup');
  });

  it('is the pair’s in both places where it could not be noted down, and is taken when it is said again', async () => {
    moveOver();
    const host = (await device.supervisor()).host(pair);
    const full = new Error('the disk is full');
    await expect(
      host.locate(elsewhere, () => {
        throw full;
      }),
    ).rejects.toBe(full);
    expect(await status()).toMatchObject({ folder, state: 'root-missing' });
    renameSync(elsewhere, folder);
    rmSync(join(folder, 'a'));
    expect(await sync()).toMatchObject({ converged: true, deletesUp: 0, filesDown: 1 });
    renameSync(folder, elsewhere);
    await locate(elsewhere);
    expect(await sync()).toMatchObject({ converged: true, operations: 0 });
  });

  it('is another pair’s, which has taken its place, and keeps the mark of that when the pair is removed', async () => {
    const other = join(base, 'other');
    await service.add({ folder: other, vault: `${basename(base)} too`, isPaused: false });
    await service.sync({ pair: other });
    rmSync(folder, { recursive: true });
    cpSync(other, folder, { recursive: true });
    await service.remove({ pair });
    expect(existsSync(join(folder, '.holdfast/marker'))).toBe(true);
  });

  it('while it is watched, is watched there from then on', async () => {
    await device.watch();
    const reaches = (state: PairStatus['state']) =>
      eventually(async () => (await status())?.state === state, { what: state });
    await reaches('up-to-date');
    moveOver();
    await sync();
    await reaches('root-missing');
    await locate(elsewhere);
    await reaches('up-to-date');
    writeFileSync(join(elsewhere, 'new'), 'there');
    const vault = { pair, path: '', isRecursive: false, withDeleted: false };
    await eventually(async () => (await service.ls(vault)).entries.some(({ path }) => path === 'new'));
  });
});
