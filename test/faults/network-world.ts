import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { RouteName } from '../../src/wire/route.ts';
import type { RealDevice } from './real-device.ts';
import { expectRealOracles, settleAll } from './real-oracles.ts';
import { type RealWorld, realWorld } from './real-world.ts';

/** Two real devices and a real server with a line between them that a test breaks. */
export interface NetworkWorld {
  readonly world: RealWorld;
  readonly a: RealDevice;
  readonly b: RealDevice;
  /** What the disk shows never is a part of a content, whatever the line did. */
  expectWhole(device: RealDevice, allowed: ReadonlySet<string>): void;
  bytesOn(names: readonly RouteName[], which: 'bytesUp' | 'bytesDown'): number;
}

export const contentsOf = (device: RealDevice): Set<string> =>
  new Set(
    Object.entries(device.files.tree())
      .filter(([path, content]) => !path.endsWith('/') && content !== '')
      .map(([, content]) => content),
  );

/**
 * For the tests of one `describe`: each begins with both in step, and after each the line is good again, both settle and are
 * equal; at the end all oracles hold.
 */
export function networkWorld(): NetworkWorld {
  let world: RealWorld;
  const secured = new Set<string>();
  const at = (place: number): RealDevice => world.devices[place] as RealDevice;

  beforeAll(async () => {
    world = await realWorld();
  });
  afterAll(async () => {
    await expectRealOracles(world, secured);
    await world.close();
  });
  beforeEach(async () => {
    for (const name of readdirSync(at(0).files.root)) if (name !== '.holdfast') at(0).files.rm(name);
    at(0).files.write('anchor', `anchor ${randomBytes(4).toString('hex')}`);
    await settleAll(world);
    world.proxy.forget();
  });
  afterEach(async () => {
    world.proxy.calm();
    for (const device of world.devices) await device.kill();
    await settleAll(world, { isRetried: true });
    expect(at(1).files.tree()).toEqual(at(0).files.tree());
    for (const content of contentsOf(at(0))) secured.add(content);
  });

  return {
    get world() {
      return world;
    },
    get a() {
      return at(0);
    },
    get b() {
      return at(1);
    },
    expectWhole(device, allowed) {
      for (const content of contentsOf(device)) expect(allowed, device.name).toContain(content);
    },
    bytesOn: (names, which) =>
      world.proxy.passed
        .filter(({ name }) => name !== null && names.includes(name))
        .reduce((sum, request) => sum + request[which], 0),
  };
}
