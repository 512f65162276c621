import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import type { DeviceSetup, ScenarioDevice } from './scenario-device.ts';
import { type Files, type Tree, withoutMarks } from './scenario-files.ts';
import { expectOracles } from './scenario-oracles.ts';
import { type ScenarioWorld, scenarioWorld } from './scenario-world.ts';

/**
 * When things happen. `offline`: both devices are off, both act, then one after the other comes up. `live`: both watch; the
 * second acts before it hears of what the first did. `killed`: as by command, but each process is ended straight after
 * its person acted, and once more in the middle of its sync.
 */
export type Timing = 'offline' | 'live' | 'killed';
export type Role = 'A' | 'B';

/** How a row's person may ask for more than what files can do. */
export interface Actor extends Files {
  readonly device: ScenarioDevice;
  /** Goes on when all that was done so far is on the server. */
  settle(): Promise<void>;
}

/** Who was first on the server with what it did, where both did something. */
export interface Order {
  readonly first: Role;
  readonly second: Role;
}

type Act = (at: Actor) => void | Promise<void>;

/** A black-box scenario of two devices: what is there, what each does, and how it must end on both. */
export interface Row {
  readonly id: string;
  readonly promise: string;
  readonly init?: (at: Files) => void | Promise<void>;
  readonly a?: Act;
  readonly b?: Act;
  /** The end, with conflict copies as `cc(name)`. Several trees: any of them. */
  readonly end: Tree | readonly Tree[] | ((order: Order) => Tree | readonly Tree[]);
  /** Object bytes that A's and B's actions may send; 0 for what only moves, copies or deletes. */
  readonly maxSent?: number | ((timing: Timing) => number);
  /** Nodes that must be the same ones: where they were, and where they are. */
  readonly sameNode?: Readonly<Record<string, string>>;
  readonly timings?: readonly Timing[];
  /** Who may be first on the server; default: either, if both act. */
  readonly firsts?: readonly Role[];
  readonly setup?: { readonly A?: DeviceSetup; readonly B?: DeviceSetup };
  /** More that must hold at the end. */
  readonly check?: (end: End) => void | Promise<void>;
}

export interface End {
  readonly A: ScenarioDevice;
  readonly B: ScenarioDevice;
  readonly timing: Timing;
  /** Ids of nodes by path, before anybody acted. */
  readonly before: Readonly<Record<string, string>>;
}

interface Run {
  readonly timing: Timing;
  /** The roles are exchanged: device 2 does what A does. */
  readonly isSwapped: boolean;
  readonly first: Role;
}

const maxRounds = 6;
const seed = process.env['HOLDFAST_SEED'] ?? '1';
const allTimings: readonly Timing[] = ['offline', 'live', 'killed'];

const other = (role: Role): Role => (role === 'A' ? 'B' : 'A');

/** A number from 1 to `below`, the same for the same texts. */
function drawn(below: number, ...texts: readonly string[]): number {
  const hash = createHash('sha256')
    .update([seed, ...texts].join('\n'))
    .digest();
  return 1 + (hash.readUInt32BE(0) % below);
}

/** With HOLDFAST_FULL, every timing also with the devices exchanged; else that in turn, as the seed says. */
const isFull = process.env['HOLDFAST_FULL'] !== undefined;

function runsOf(row: Row): Run[] {
  const runs: Run[] = [];
  for (const timing of row.timings ?? allTimings) {
    const isExchanged = drawn(2, row.id, timing) === 2;
    for (const isSwapped of isFull ? [false, true] : [isExchanged]) {
      for (const first of row.firsts ?? (row.b === undefined ? (['A'] as const) : (['A', 'B'] as const))) {
        runs.push({ timing, isSwapped, first });
      }
    }
  }
  return runs;
}

const nameOf = ({ timing, isSwapped, first }: Run): string =>
  `${timing}${first === 'B' ? ', B first' : ''}${isSwapped ? ', devices exchanged' : ''}`;

/** All rows in all their timings, in one world; and nothing that they planted is found on the server afterwards. */
export function testRows(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    let world: ScenarioWorld;
    beforeAll(async () => {
      world = await scenarioWorld();
    });
    afterAll(() => world.close());

    describe.concurrent('rows', () => {
      for (const row of rows) {
        for (const run of runsOf(row)) {
          test(`${row.id} ${row.promise} (${nameOf(run)})`, () => runRow(world, row, run));
        }
      }
    });

    test('I6 nothing that was planted is found in what the server keeps', async () => {
      expect(await world.leaks()).toEqual([]);
    });
  });
}

async function runRow(world: ScenarioWorld, row: Row, run: Run): Promise<void> {
  const { setup } = row;
  const [one, two] = await world.pairs(
    run.isSwapped ? [setup?.B ?? {}, setup?.A ?? {}] : [setup?.A ?? {}, setup?.B ?? {}],
  );
  const devices = run.isSwapped ? { A: two, B: one } : { A: one, B: two };
  const pair = [devices.A, devices.B] as const;
  try {
    await row.init?.(one.files);
    await one.sync();
    await two.sync();
    expect(two.files.tree(), 'before anybody acts').toEqual(one.files.tree());
    const before = await one.ids();
    for (const device of pair) device.now.faults.resetCalls();
    const acts = { A: row.a, B: row.b };
    const order: Order = { first: run.first, second: other(run.first) };
    const sent = await perform[run.timing](row, devices, acts, order, run);
    const ends = typeof row.end === 'function' ? row.end(order) : row.end;
    const allowed = Array.isArray(ends) ? (ends as readonly Tree[]) : [ends as Tree];
    const tree = withoutMarks(devices.A.files.tree());
    if (allowed.length === 1) expect(tree, 'the end').toEqual(allowed[0]);
    else expect(allowed, 'the ends that are allowed').toContainEqual(tree);
    const maxSent = typeof row.maxSent === 'function' ? row.maxSent(run.timing) : row.maxSent;
    if (maxSent !== undefined && sent !== null) expect(sent, 'object bytes sent').toBeLessThanOrEqual(maxSent);
    await expectOracles(pair);
    const after = await one.ids();
    for (const [from, to] of Object.entries(row.sameNode ?? {})) {
      expect(after[to], `the node that was at ${from}`).toBe(before[from]);
    }
    await row.check?.({ ...devices, timing: run.timing, before });
  } finally {
    for (const device of pair) await device.close();
  }
}

type Perform = (
  row: Row,
  devices: Record<Role, ScenarioDevice>,
  acts: Record<Role, Act | undefined>,
  order: Order,
  run: Run,
) => Promise<number | null>;

const actorOn = (device: ScenarioDevice, settle: () => Promise<void>): Actor => ({ ...device.files, device, settle });

/** Runs both in turn until neither has anything left to do. */
async function converge(devices: readonly ScenarioDevice[]): Promise<number> {
  let sent = 0;
  for (let round = 0; round < maxRounds; round++) {
    let isDone = true;
    for (const device of devices) {
      const wasOpen = device.isOpen;
      await device.open();
      const before = wasOpen ? device.now.faults.objectBytes : 0;
      const result = await device.sync();
      sent += device.now.faults.objectBytes - before;
      isDone &&= result.isConverged && result.operations === 0;
    }
    if (isDone) return sent;
  }
  throw new Error(`not settled after ${maxRounds} rounds`);
}

const perform: Record<Timing, Perform> = {
  async offline(_, devices, acts, { first, second }) {
    await Promise.all([devices.A.close(), devices.B.close()]);
    for (const role of ['A', 'B'] as const) {
      const device = devices[role];
      const settle = async (): Promise<void> => {
        await device.sync();
        await device.close();
      };
      await acts[role]?.(actorOn(device, settle));
    }
    return converge([devices[first], devices[second]]);
  },

  async live(row, devices, acts, order) {
    const [first, second] = [devices[order.first], devices[order.second]];
    await Promise.all([first.start(), second.start()]);
    await Promise.all([first.quiet(), second.quiet()]);
    if (acts[order.second] !== undefined) second.now.faults.hold();
    await acts[order.first]?.(actorOn(first, () => first.quiet()));
    if (acts[order.second] !== undefined) {
      await first.quiet();
      await acts[order.second]?.(actorOn(second, () => second.quiet()));
      second.now.faults.release();
    }
    const ends = typeof row.end === 'function' ? row.end(order) : row.end;
    const allowed = Array.isArray(ends) ? (ends as readonly Tree[]) : [ends as Tree];
    await eventually(
      async () => {
        for (const device of [first, second]) {
          await device.expectUpToDate();
          expect(allowed, device.name).toContainEqual(withoutMarks(device.files.tree()));
        }
        return true;
      },
      { what: 'the end, by watching alone', on: (wake) => first.now.pair.onStatus(wake) },
    );
    const sent = first.now.faults.objectBytes + second.now.faults.objectBytes;
    await converge([first, second]);
    return sent;
  },

  async killed(row, devices, acts, order, run) {
    for (const role of [order.first, order.second]) {
      const device = devices[role];
      const settle = async (): Promise<void> => {
        await device.sync();
      };
      const act = acts[role];
      if (act === undefined) continue;
      await device.open();
      await act(actorOn(device, settle));
      await device.kill();
    }
    for (const role of [order.first, order.second, order.first]) {
      await devices[role].syncUntilDeath(drawn(24, row.id, nameOf(run), role));
      if (role === order.first) await devices[role].sync();
    }
    await converge([devices[order.first], devices[order.second]]);
    return null;
  },
};
