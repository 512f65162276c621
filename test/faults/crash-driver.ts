import { statSync } from 'node:fs';
import type { RouteName } from '../../src/wire/route.ts';
import { type RandomSteps, randomSteps } from '../helpers/random-steps.ts';
import type { Child } from '../helpers/run.ts';
import type { Fault } from './fault.ts';
import { act, type Ledger, newLedger, owed, secure } from './person.ts';
import { badLine } from './random-faults.ts';
import type { RealDevice } from './real-device.ts';
import { expectRealOracles, expectSoundServer, settleAll } from './real-oracles.ts';
import { type RealWorld, realWorld } from './real-world.ts';

export interface CrashOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly devices?: number;
  /** Rounds between two looks at whether all is well; default 10. */
  readonly settleEvery?: number;
  /** Hears what happens, a line at a time. */
  readonly say?: (line: string) => void;
  /** No round begins later than this, in milliseconds from the start. */
  readonly within?: number;
}

export interface CrashReport {
  readonly rounds: number;
  readonly clientKills: number;
  readonly serverKills: number;
  readonly faults: number;
  readonly contents: number;
  readonly looks: number;
}

/**
 * Persons work on their devices while client and server are killed at random moments, on a good line and on a bad one. Now
 * and then everything is left to settle, and must be well. The seed decides what happens; when exactly, the machine does.
 */
export async function crashRounds(options: CrashOptions): Promise<CrashReport> {
  const { seed, rounds, settleEvery = 10, say = () => undefined, within = Number.POSITIVE_INFINITY } = options;
  const steps = randomSteps(seed);
  const ledger = newLedger();
  const world = await realWorld({ devices: Array.from({ length: options.devices ?? 2 }, () => ({})) });
  const killer = makeKiller(world, steps);
  const start = performance.now();
  let looks = 0;
  let round = 0;
  const look = async (): Promise<void> => {
    killer.calm();
    for (const device of world.devices) await device.kill();
    await settleAll(world);
    await expectRealOracles(world, owed(ledger));
    looks++;
    say(`round ${round}: all is well, ${ledger.written.size} contents`);
  };
  try {
    for (; round < rounds && performance.now() - start < within; round++) {
      const device = steps.pick(world.devices);
      const done = work(steps, device, ledger);
      const mode = steps.pick(modes);
      say(`round ${round}: ${device.name} ${mode.name}: ${done.join(', ')}`);
      await mode({ world, steps, device, ledger, killer });
      if ((round + 1) % settleEvery === 0) await look();
    }
    if (round % settleEvery !== 0) await look();
    await world.server.kill('SIGTERM');
    expectSoundServer(world.server.data);
    const { clientKills, serverKills } = killer;
    const faults = killer.faults();
    return { rounds: round, clientKills, serverKills, faults, contents: ledger.written.size, looks };
  } finally {
    await world.close();
  }
}

function work(steps: RandomSteps, device: RealDevice, ledger: Ledger): string[] {
  const done: string[] = [];
  for (let count = steps.below(6); count >= 0; count--) done.push(act(steps, device.files, ledger));
  return done.filter((what) => what !== '');
}

interface Killer {
  readonly clientKills: number;
  readonly serverKills: number;
  faults(): number;
  /** Kills the process when so many requests have passed, before or after one of them has its effect. */
  client(child: Child, after: number): void;
  server(after: number): void;
  noteClient(): void;
  badLine(chance: number): void;
  /** Nothing more happens by itself. */
  calm(): void;
  /** The server is there, whatever was done to it. */
  mend(): Promise<void>;
}

function makeKiller({ server, proxy }: RealWorld, steps: RandomSteps): Killer {
  let clientKills = 0;
  let serverKills = 0;
  let isServerDown = false;
  let line: ((name: RouteName | null) => Fault | null) | null = null;
  let trap: { left: number; readonly spring: () => void } | null = null;
  proxy.chaos((name) => {
    if (trap !== null && --trap.left <= 0) {
      const { spring } = trap;
      trap = null;
      spring();
      if (steps.below(2) === 0) return { type: 'refuse' };
    }
    return line?.(name) ?? null;
  });
  return {
    get clientKills() {
      return clientKills;
    },
    get serverKills() {
      return serverKills;
    },
    faults: () => proxy.passed.filter(({ fault }) => fault !== null).length,
    client: (child, after) => {
      const spring = (): void => {
        clientKills++;
        child.signal('SIGKILL');
      };
      trap = { left: after, spring };
    },
    server: (after) => {
      const spring = (): void => {
        serverKills++;
        isServerDown = true;
        server.child.signal('SIGKILL');
      };
      trap = { left: after, spring };
    },
    noteClient: () => {
      clientKills++;
    },
    badLine: (chance) => {
      line = badLine(steps, chance);
    },
    calm: () => {
      line = null;
      trap = null;
    },
    mend: async () => {
      trap = null;
      if (!isServerDown) return;
      isServerDown = false;
      await server.kill();
      await server.start();
    },
  };
}

interface Scene {
  readonly world: RealWorld;
  readonly steps: RandomSteps;
  readonly device: RealDevice;
  readonly ledger: Ledger;
  readonly killer: Killer;
}

/** A whole sync; what it says must be so. */
async function sync({ device, ledger, steps }: Scene): Promise<void> {
  const before = device.files.tree();
  const report = await device.trySync();
  if (!report.converged) return;
  secure(ledger, before);
  if (steps.below(3) === 0) await expectTruth(device);
}

/** The vault holds what the folder holds, by path and size, since the device says that they agree. */
async function expectTruth(device: RealDevice): Promise<void> {
  const done = await device.run(['ls', '--recursive']);
  const entries = (done.json as { entries: { path: string; kind: string; size: number }[] }).entries;
  const vault = entries.map(({ path, kind, size }) => (kind === 'folder' ? `${path}/` : `${path} ${size}`)).sort();
  const disk = Object.keys(device.files.tree())
    .map((path) => (path.endsWith('/') ? path : `${path} ${statSync(device.files.at(path)).size}`))
    .sort();
  if (JSON.stringify(vault) !== JSON.stringify(disk)) {
    throw new Error(`${device.name} said that all is synced: ${JSON.stringify({ vault, disk })}`);
  }
}

async function killedByTime({ device, steps, killer }: Scene): Promise<void> {
  if (await device.syncAndKill(200 + steps.below(700))) killer.noteClient();
}

async function killedAtRequest({ device, steps, killer }: Scene): Promise<void> {
  const child = device.startSync();
  killer.client(child, 1 + steps.below(12));
  await child.finished;
  killer.calm();
}

async function serverKilled(scene: Scene): Promise<void> {
  scene.killer.server(1 + scene.steps.below(12));
  const syncing = sync(scene);
  await Promise.race([syncing, new Promise((resolve) => setTimeout(resolve, scene.steps.below(1500)))]);
  await scene.killer.mend();
  await syncing;
}

async function onABadLine(scene: Scene): Promise<void> {
  scene.killer.badLine(25);
  await sync(scene);
  scene.killer.calm();
}

/** It watches while the person goes on working, and is killed some time later. */
async function watchingKilled(scene: Scene): Promise<void> {
  const { device, steps, ledger, killer } = scene;
  const child = await device.startDaemon();
  killer.client(child, 3 + steps.below(20));
  if (steps.below(3) === 0) killer.badLine(15);
  for (let count = steps.below(12); count >= 0; count--) {
    act(steps, device.files, ledger);
    await new Promise((resolve) => setTimeout(resolve, steps.below(80)));
  }
  await new Promise((resolve) => setTimeout(resolve, steps.below(400)));
  killer.calm();
  killer.noteClient();
  await device.kill();
}

/** Both watch, both persons work, and the server dies on the way. */
async function allWatching(scene: Scene): Promise<void> {
  const { world, steps, ledger, killer } = scene;
  await Promise.all(world.devices.map((device) => device.startDaemon()));
  killer.server(10 + steps.below(30));
  for (let count = 10; count > 0; count--) {
    act(steps, steps.pick(world.devices).files, ledger);
    await new Promise((resolve) => setTimeout(resolve, steps.below(60)));
  }
  await killer.mend();
  for (let count = 5; count > 0; count--) act(steps, steps.pick(world.devices).files, ledger);
  await new Promise((resolve) => setTimeout(resolve, steps.below(500)));
  for (const device of world.devices) {
    killer.noteClient();
    await device.kill();
  }
}

async function asleep({ device, steps, ledger }: Scene): Promise<void> {
  const child = device.startSync();
  await new Promise((resolve) => setTimeout(resolve, 250 + steps.below(300)));
  child.signal('SIGSTOP');
  act(steps, device.files, ledger);
  await new Promise((resolve) => setTimeout(resolve, 200));
  child.signal('SIGCONT');
  await child.finished;
}

const modes = [
  sync,
  killedByTime,
  killedByTime,
  killedAtRequest,
  killedAtRequest,
  killedAtRequest,
  serverKilled,
  serverKilled,
  onABadLine,
  watchingKilled,
  watchingKilled,
  allWatching,
  asleep,
];
