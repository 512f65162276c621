import { beforeEach, describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import type { DeviceId } from '../../../src/common/ids.ts';
import { hear, heardAtLeast, heardDevices, parseHeard } from '../../../src/engine/log/heard-devices.ts';
import { stateRows } from '../../../src/engine/log/state-rows.ts';
import { signOfLifeIfDue } from '../../../src/engine/loop/sign-of-life.ts';
import { startOf } from '../../../src/vault/position.ts';
import { hashState } from '../../../src/vault/write-checkpoint.ts';
import {
  dayMs,
  hourMs,
  type VaultContextWorld,
  type VaultDevice,
  vaultContextWorld,
} from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let one: VaultDevice;
let two: VaultDevice;

beforeEach(async () => {
  world = vaultContextWorld('signs of life');
  one = world.device(0);
  two = world.device(1);
  for (const device of [one, two]) await device.context.pull();
});

const seqOf = ({ context }: VaultDevice): number => context.log.position.seq;
const idOf = ({ context }: VaultDevice): DeviceId => context.log.device;
const stateOf = ({ context, index }: VaultDevice) =>
  hashState(world.vault, stateRows(index.read, context.content.crypto, context.local.clock));

describe('a sign of life', () => {
  it('is written by a device that had nothing to say for a day, once, and changes nothing', async () => {
    await one.folder('docs');
    const before = await stateOf(one);
    world.clock.time += 23 * hourMs;
    const seq = seqOf(one);
    await signOfLifeIfDue(one.context);
    expect(seqOf(one)).toBe(seq);
    world.clock.time += 2 * hourMs;
    await signOfLifeIfDue(one.context);
    await signOfLifeIfDue(one.context);
    expect(seqOf(one)).toBe(seq + 1);
    expect(await stateOf(one)).toEqual(before);
    expect(one.context.log.position.name).toBe('Test');
    expect(one.index.read.batches({ limit: 10 }).map((batch) => batch.seq)).not.toContain(seq + 1);
    await two.context.pull();
    expect(await stateOf(two)).toEqual(before);
    expect(two.context.log.heard[idOf(one)]).toBe(world.clock.now());
  });

  it('goes after what another device wrote first', async () => {
    world.clock.time += 2 * dayMs;
    await two.folder('of two');
    await signOfLifeIfDue(one.context);
    expect(seqOf(one)).toBe(seqOf(two) + 1);
  });

  it('is written once where the clock was years ahead, and is right again', async () => {
    world.clock.time += 9000 * dayMs;
    await two.context.pull();
    await signOfLifeIfDue(one.context);
    await two.context.pull();
    world.clock.time -= 9000 * dayMs;
    const seq = seqOf(one);
    await signOfLifeIfDue(one.context);
    await signOfLifeIfDue(one.context);
    expect(seqOf(one)).toBe(seq + 1);
    await two.context.pull();
    expect(two.context.log.heard[idOf(one)]).toBe(world.clock.now());
  });

  it('is what a device that never wrote says, too', async () => {
    world.clock.time += 2 * dayMs;
    await signOfLifeIfDue(two.context);
    await one.context.pull();
    expect(one.context.log.heard[idOf(two)]).toBe(world.clock.now());
  });

  it('is not worth a failure, unless nobody is reached: then others may have written what was not heard', async () => {
    world.clock.time += 2 * dayMs;
    const seq = seqOf(one);
    const failing = (kind: 'offline' | 'limit' | 'security') => ({
      ...one.context,
      log: {
        ...one.context.log,
        position: one.context.log.position,
        heard: {},
        author: one.context.log.author,
        append: () => Promise.reject(new HoldfastError(kind, 'no')),
      },
    });
    await signOfLifeIfDue(failing('limit'));
    for (const kind of ['offline', 'security'] as const) {
      await expect(signOfLifeIfDue(failing(kind))).rejects.toThrow('no');
    }
    expect(seqOf(one)).toBe(seq);
  });

  it('is not written where nobody hears it', async () => {
    world.clock.time += 2 * dayMs;
    const { author } = one.context.log;
    const devices = new Map(author.chain.devices);
    for (const [id, each] of devices) if (id !== author.device) devices.set(id, { ...each, revokedAt: 5 });
    const alone = { ...author, chain: { ...author.chain, devices } };
    const seq = seqOf(one);
    const { log } = one.context;
    await signOfLifeIfDue({ ...one.context, log: { ...log, position: log.position, heard: log.heard, author: alone } });
    expect(seqOf(one)).toBe(seq);
  });
});

describe('what was heard of a device', () => {
  const device = 'a'.repeat(32) as DeviceId;
  const stamp = (ms: number) => ({ seq: 2, timeUs: ms * 1000, deviceId: device });

  it('is never later than when it came, nor earlier than before', () => {
    expect(hear({}, stamp(500), 900)).toEqual({ [device]: 500 });
    expect(hear({}, stamp(5_000_000), 900)).toEqual({ [device]: 900 });
    expect(hear({ [device]: 800 }, stamp(-3), 900)).toEqual({ [device]: 800 });
  });

  it('is not later than now, if this device’s own clock was ahead then', () => {
    const other = 'b'.repeat(32) as DeviceId;
    const heard = { [device]: 5_000, [other]: 6_000 };
    expect(hear(heard, stamp(800), 900)).toEqual({ [device]: 900, [other]: 900 });
  });

  it('is counted from the beginning where a checkpoint does not tell', () => {
    const position = { ...startOf(world.vault), deviceSeqs: { [device]: 4 } };
    expect(heardAtLeast({}, position, 70)).toEqual({ [device]: 70 });
    expect(heardAtLeast({ [device]: 20 }, position, 70)).toEqual({ [device]: 20 });
  });

  it('lasts with the index, and damage to it is forgotten', async () => {
    expect(parseHeard({ [device]: 7, other: 'x' })).toEqual({ [device]: 7 });
    expect(parseHeard('x')).toEqual({});
  });

  it('is overdue after three days in which the server was asked; who is offline says nothing of others', () => {
    const at = (pulledAt: number | null) =>
      heardDevices(
        { [device]: 1000 },
        pulledAt,
        () => true,
        () => 'desk',
      ).map(({ isOverdue }) => isOverdue);
    expect(at(1000 + 3 * dayMs)).toEqual([false]);
    expect(at(1001 + 3 * dayMs)).toEqual([true]);
    expect(at(null)).toEqual([false]);
    expect(
      heardDevices(
        { [device]: 1 },
        5,
        () => false,
        () => 'desk',
      ),
    ).toEqual([]);
  });
});
