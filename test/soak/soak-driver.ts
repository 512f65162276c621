import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Ledger, newLedger, owed } from '../faults/person.ts';
import { expectRealOracles, expectSoundServer, settleAll } from '../faults/real-oracles.ts';
import { eventually } from '../helpers/eventually.ts';
import { type RandomSteps, randomSteps } from '../helpers/random-steps.ts';
import { work } from './programs.ts';
import { randomFault } from './soak-faults.ts';
import { openFiles, type SoakDevice, type SoakWorld, soakWorld } from './soak-world.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly devices: number;
  /** No round begins later than this, in milliseconds from the first. */
  readonly within: number;
  /** Rounds between two looks at whether all is well. */
  readonly settleEvery?: number;
  /** Hears what happens, a line at a time. */
  readonly say?: (line: string) => void;
}

export interface SoakReport {
  readonly rounds: number;
  readonly contents: number;
  readonly looks: number;
}

/** Back-off ends within a minute, and a folder that is there again is looked for every five. */
const patience = 6 * 60_000;
/** Of files that come and go, such as connections. */
const openAtMost = 60;

/**
 * Devices watch for as long as wanted while disks fill, vanish and come back below them, and processes are killed, stopped
 * and short of files. When the faults are over everything becomes well by itself: nobody retries anything. Null where no
 * disks can be mounted. The seed decides what happens; when exactly, the machine does.
 */
export async function soak({
  seed,
  devices,
  within,
  settleEvery = 6,
  say = () => undefined,
}: SoakOptions): Promise<SoakReport | null> {
  const steps = randomSteps(seed);
  const ledger = newLedger();
  const world = await soakWorld(devices);
  if (world === null) return null;
  const start = performance.now();
  let round = 0;
  let looks = 0;
  const look = async (): Promise<void> => {
    await becomesWell(world, say);
    looks++;
  };
  try {
    for (; performance.now() - start < within; round++) {
      const ends: (() => Promise<void> | void)[] = [];
      const used = new Set<string>();
      for (let count = 1 + steps.below(3); count > 0; count--) {
        const fault = randomFault(world, steps);
        if (fault.uses.some((part) => used.has(part))) continue;
        for (const part of fault.uses) used.add(part);
        say(`round ${round}: ${fault.name}`);
        ends.unshift(await fault.begin());
      }
      await atWork(world, steps, ledger, 1500 + steps.below(4000));
      for (const end of ends) await end();
      if (steps.below(3) === 0) await undoSomething(steps.pick(world.devices));
      if ((round + 1) % settleEvery === 0) await look();
    }
    if (round % settleEvery !== 0) await look();
    for (const { real } of world.devices) await real.kill('SIGTERM');
    await settleAll(world.real);
    await expectRealOracles(world.real, owed(ledger));
    for (const { real } of world.devices) await real.run(['doctor']);
    await world.real.server.kill('SIGTERM');
    expectSoundServer(world.real.server.data);
    return { rounds: round, contents: ledger.written.size, looks };
  } finally {
    await world.close();
  }
}

async function atWork({ devices }: SoakWorld, steps: RandomSteps, ledger: Ledger, ms: number): Promise<void> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const { real, folder } = steps.pick(devices);
    if (folder.isThere) await work(steps, real.files, ledger, real.name);
    await wait(steps.below(300));
  }
}

/** The latest batch. It may be too late for that, which is said. */
async function undoSomething({ real }: SoakDevice): Promise<void> {
  const ordinary = { codes: [0, 1, 2, 3, 4] };
  const listed = await real.run(['activity', '--limit', '1'], ordinary);
  const batch = listed.code === 0 ? (listed.json as { activity: { batch: string }[] }).activity[0]?.batch : undefined;
  if (batch !== undefined) await real.run(['undo', batch], ordinary);
}

/** All say that they are up to date, and they are; nothing is left of what went wrong. */
async function becomesWell({ devices, real }: SoakWorld, say: (line: string) => void): Promise<void> {
  for (const device of devices) await device.ensure();
  const start = performance.now();
  let last: unknown;
  await eventually(
    async () => {
      // To look takes more than what is looked at.
      await wait(300);
      last = await Promise.all(devices.map((device) => device.real.status()));
      for (const device of devices) await allowHeld(device);
      expect((last as { state: string }[]).map(({ state }) => state)).toEqual(devices.map(() => 'up-to-date'));
      const [first, ...others] = devices.map((device) => device.real.files.tree());
      for (const other of others) expect(other).toEqual(first);
      return true;
    },
    { within: patience, what: 'that all is up to date and equal' },
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`, { cause: error });
  });
  say(`up to date after ${Math.round(performance.now() - start)} ms`);
  for (const device of devices) {
    expect(device.real.stage(), `stage of ${device.real.name}`).toEqual([]);
    const kept = readdirSync(device.real.files.at('.holdfast')).filter((name) => name !== 'trash');
    expect(kept.sort(), device.real.name).toEqual(['holder', 'marker', 'stage']);
  }
  for (const child of [...devices.map((device) => device.real.daemon), real.server.child]) {
    if (child !== null) expect(openFiles(child.pid), `files that ${child.pid} has open`).toBeLessThan(openAtMost);
  }
}

/** So much may be missing after a fault that a device asks first. */
async function allowHeld({ real }: SoakDevice): Promise<void> {
  for (const { id, kind } of await real.issues()) {
    if (kind === 'held-deletes') await real.run(['resolve', id, 'allow'], { codes: [0, 1, 2] });
  }
}
