import { badLine } from '../faults/random-faults.ts';
import { run } from '../faults/volume.ts';
import type { RandomSteps } from '../helpers/random-steps.ts';
import type { SmallDisk } from './small-disk.ts';
import { openFiles, type SoakDevice, type SoakWorld } from './soak-world.ts';

type End = () => Promise<void> | void;

export interface SoakFault {
  readonly name: string;
  /** What it has to itself. */
  readonly uses: readonly string[];
  begin(): Promise<End> | End;
}

const kib = 1024;
const hour = 3_600_000;
const leaps = [-1, 1, -30, 24 * 20, 24 * 40, 24 * 800, -24 * 100];

/** One that the dice choose. It begins when told, and ends by what that gives. */
export function randomFault(world: SoakWorld, steps: RandomSteps): SoakFault {
  const device = steps.pick(world.devices);
  return steps.pick([...ofDevice(device, steps), ...ofServer(world, steps)]);
}

/** The same disk is not filled to the same degree each time. */
function full(disk: SmallDisk, steps: RandomSteps): End {
  disk.fill(steps.pick([0, 0, 16, 200, 1000, 5000]) * kib);
  return () => disk.empty();
}

function ofDevice(device: SoakDevice, steps: RandomSteps): SoakFault[] {
  const { home, folder, real } = device;
  const named = (what: string, uses: readonly string[], begin: SoakFault['begin']): SoakFault => ({
    name: `${real.name} ${what}`,
    uses: uses.map((part) => `${real.name} ${part}`),
    begin,
  });
  return [
    named('folder full', ['folder'], () => full(folder, steps)),
    named('home full', ['home'], () => full(home, steps)),
    named('folder read-only', ['folder', 'process'], () => {
      try {
        folder.protect();
      } catch {
        // It was just being written.
        return () => undefined;
      }
      return () => folder.unprotect();
    }),
    named('folder taken off', ['folder', 'process'], async () => {
      await folder.takeOff();
      return () => folder.putOn();
    }),
    named('killed', ['process'], async () => {
      await real.kill();
      return () => device.start();
    }),
    named('killed, home full', ['process', 'home'], async () => {
      const end = full(home, steps);
      await real.kill();
      // It may refuse to start, with a reason.
      await device.start().catch(() => real.kill());
      return async () => {
        await end();
        await device.ensure();
      };
    }),
    named('asleep', ['process'], () => {
      real.daemon?.signal('SIGSTOP');
      return () => real.daemon?.signal('SIGCONT');
    }),
    named('few files', ['process'], () => fewFiles(real.daemon?.pid, steps)),
    named('clock leaps', ['clock'], () => {
      device.shiftClock(steps.pick(leaps) * hour);
      return () => device.shiftClock(0);
    }),
  ];
}

function ofServer({ real, serverDisk }: SoakWorld, steps: RandomSteps): SoakFault[] {
  const { server, proxy } = real;
  return [
    { name: 'server full', uses: ['server disk'], begin: () => full(serverDisk, steps) },
    {
      name: 'server killed',
      uses: ['server'],
      begin: async () => {
        await server.kill();
        return () => server.start();
      },
    },
    {
      name: 'server asleep',
      uses: ['server'],
      begin: () => {
        server.child.signal('SIGSTOP');
        return () => server.child.signal('SIGCONT');
      },
    },
    { name: 'server few files', uses: ['server'], begin: () => fewFiles(server.child.pid, steps) },
    {
      name: 'bad line',
      uses: ['line'],
      begin: () => {
        proxy.chaos(badLine(steps, 20));
        return () => proxy.chaos(() => null);
      },
    },
  ];
}

/** A running process can open hardly any file more. */
function fewFiles(pid: number | undefined, steps: RandomSteps): End {
  if (pid === undefined) return () => undefined;
  const before = run('prlimit', ['--nofile', '--raw', '--noheadings', '--output=SOFT', `--pid=${pid}`]).trim();
  run('prlimit', [`--nofile=${openFiles(pid) + steps.pick([-5, 0, 1, 3, 8])}:`, `--pid=${pid}`]);
  return () => void run('prlimit', [`--nofile=${before}:`, `--pid=${pid}`]);
}
