import { must } from '../../../src/common/errors.ts';
import { mostDevices } from '../account.ts';
import { simDisks } from '../disk/sim-traits.ts';
import type { Action, DeviceSetup, History, Step } from '../history.ts';
import { type Dice, dice } from '../random.ts';
import type { World } from '../world.ts';
import { type Beginning, beginnings } from './beginnings.ts';
import { edits } from './edits.ts';
import { type Extra, extras, hasExtra } from './extras.ts';
import { makeHand } from './hand.ts';
import { meeting } from './meetings.ts';
import { stop } from './stops.ts';
import { appUse, death, diskTrouble, lineTrouble, stateChange } from './troubles.ts';

/** The next step, given how things are; null at the end. */
export type DrawStep = (world: World) => Step | null;

type DiskName = keyof typeof simDisks;

const minute = 60_000;

const otherDisks = (Object.keys(simDisks) as DiskName[]).filter((name) => name !== 'ext4');

/** What kind of history it is: how often which trouble comes. */
interface Mood {
  readonly edits: number;
  readonly commands: number;
  readonly deaths: number;
  readonly lines: number;
  readonly state: number;
  readonly people: number;
  /** Only in harsh histories: of disks, and of two people who change one thing. */
  readonly disks: number;
  readonly meetings: number;
}

const moods: readonly Mood[] = [
  { edits: 10, commands: 3, deaths: 0, lines: 0, state: 0, people: 0, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 4, lines: 0, state: 0, people: 0, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 1, lines: 4, state: 0, people: 0.5, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 1, lines: 1, state: 2, people: 1, disks: 0, meetings: 0 },
  { edits: 10, commands: 2, deaths: 2, lines: 2, state: 0.5, people: 0.5, disks: 0, meetings: 0 },
];

export function draw(seed: number): { readonly history: History; readonly next: DrawStep } {
  const dice_ = dice(seed, 'history');
  const isRough = dice_.chance(0.4);
  const count = dice_.pick([2, 2, 2, 2, 3, 3, 3, 4, mostDevices]);
  const isMixed = dice_.chance(0.35);
  const isDeaf = dice_.chance(0.15);
  const stopping = stop(seed, count);
  const more = [...extras(seed), ...stopping.extras];
  const history: History = {
    seed,
    devices: Array.from({ length: count }, (_, at) => ({
      ...disk(seed, at, isMixed ? dice_.pick(otherDisks) : 'ext4'),
      isWatching: dice_.chance(0.65),
      deafness: isDeaf ? dice_.pick([0.1, 0.5, 1]) : 0,
      ...lateness(seed),
    })),
    line: isRough
      ? {
          latency: dice_.pick([20, 200, 2000]),
          lost: dice_.pick([0, 0.02, 0.1]),
          lostReply: dice_.pick([0, 0.05, 0.2]),
          duplicate: dice_.pick([0, 0.1]),
          lostHint: dice_.pick([0, 0.3]),
        }
      : { latency: dice_.pick([5, 50]), lost: 0, lostReply: 0, duplicate: 0, lostHint: 0 },
    graceMinutes: dice_.pick([10, 7 * 24 * 60]),
    ...newNodesInPlan(seed),
    ...leastWorkMs(seed),
    ...smallBytes(seed),
    ...entriesInPage(seed),
    ...checkpointEntries(seed),
    ...isJoined(seed),
    ...stopping.setting,
    steps: [],
  };
  const mood = dice_.pick(moods);
  const isTricky = isMixed && dice_.chance(0.7);
  if (seed % 3 !== 0)
    return { history, next: drawer(dice_, { mood, isTricky, isHarsh: false, start: 'nothing', extras: more }) };
  const harsh = dice(seed, 'harsh');
  const devices = history.devices.map((device) => ({ ...device, slowness: harsh.pick([2, 20, 100, 400]) }));
  const graceMinutes = harsh.pick([1, history.graceMinutes]);
  const harshMood = {
    ...mood,
    disks: harsh.pick([0, 1, 3]),
    meetings: harsh.pick([0, 5, 15]),
    people: harsh.pick([mood.people, 3]),
  };
  const start = harsh.weighted({ nothing: 8, sameTree: 1, exchange: 1, renames: 1 });
  return {
    history: { ...history, devices, graceMinutes, ...lineOf[start](harsh, history, devices) },
    next: drawer(dice_, { mood: harshMood, isTricky, isHarsh: true, start, extras: more }),
  };
}

type Setting = Partial<Pick<History, 'line' | 'devices'>>;

/** What two devices that hear of changes at once have to go by, in beginnings that are about what crosses on the way. */
const crossing =
  (latencies: readonly number[], slownesses: readonly (readonly number[])[]) =>
  (dice: Dice, { line }: History, devices: readonly DeviceSetup[]): Setting => ({
    line: { ...line, latency: dice.pick(latencies) },
    devices: devices.map((device, at) => {
      const slowness = slownesses[at];
      return slowness === undefined
        ? device
        : { ...device, isWatching: true, deafness: 0, slowness: dice.pick(slowness) };
    }),
  });
const asItIs = (): Setting => ({});
const lineOf: Readonly<Record<Beginning, (dice: Dice, history: History, devices: readonly DeviceSetup[]) => Setting>> =
  {
    nothing: asItIs,
    sameTree: asItIs,
    exchange: crossing(
      [50, 200, 500],
      [
        [2, 20],
        [2, 20],
      ],
    ),
    renames: crossing([5, 20, 50], [[100, 400], [2]]),
  };

/** Who saves twice within a second, has a disk that does not tell that, mostly. */
const disk = (seed: number, at: number, drawn: DiskName): Pick<DeviceSetup, 'disk'> => ({
  disk: at === 0 && hasExtra(seed, 'quick saves') ? 'hfs+' : drawn,
});

/** A quarter hear of one half of a move before the other one, now and then. */
function lateness(seed: number): Pick<DeviceSetup, 'lateness'> {
  const own = dice(seed, 'late hints');
  return own.chance(1 / 4) ? { lateness: own.pick([0.1, 0.3, 0.5]) } : {};
}

/** Half of all plan in small parts, as a first sync of very many files is. */
function newNodesInPlan(seed: number): Pick<History, 'newNodesInPlan'> {
  const own = dice(seed, 'plans');
  return own.chance(0.5) ? { newNodesInPlan: own.pick([1, 4]) } : {};
}

/** In half, what a person asks, or what comes, cuts short what is being sent and fetched, after as little as there is in such histories. */
function leastWorkMs(seed: number): Pick<History, 'leastWorkMs'> {
  const own = dice(seed, 'turns');
  return own.chance(0.5) ? { leastWorkMs: own.pick([0, 0, 40]) } : {};
}

/** A third hear of what others did in several answers. */
function entriesInPage(seed: number): Pick<History, 'entriesInPage'> {
  const own = dice(seed, 'pages');
  return own.chance(1 / 3) ? { entriesInPage: own.pick([1, 2, 5]) } : {};
}

/** A third send each file by itself, or all but the smallest. */
function smallBytes(seed: number): Pick<History, 'smallBytes'> {
  const own = dice(seed, 'small files');
  return own.chance(1 / 3) ? { smallBytes: own.pick([0, 40]) } : {};
}

/** In a third, who comes late or has lost its index begins with a checkpoint. */
function checkpointEntries(seed: number): Pick<History, 'checkpointEntries'> {
  const own = dice(seed, 'checkpoints');
  return own.chance(1 / 3) ? { checkpointEntries: own.pick([2, 5, 12]) } : {};
}

/** A quarter, and where time passes: what the server dropped too early only shows to who asks for it. */
function isJoined(seed: number): Pick<History, 'isJoined'> {
  return dice(seed, 'newcomers').chance(1 / 4) || hasExtra(seed, 'weeks') ? { isJoined: true } : {};
}

interface Drawing {
  readonly mood: Mood;
  readonly isTricky: boolean;
  readonly isHarsh: boolean;
  readonly start: Beginning;
  readonly extras: readonly Extra[];
}

function drawer(dice: Dice, { mood, isTricky, isHarsh, start, extras }: Drawing): DrawStep {
  // Little of what a beginning brings about should be edited away.
  let left = start === 'nothing' ? 14 + dice.below(26) : dice.below(8);
  let isBegun = false;
  const queue: Step[] = [];
  const hand = makeHand(dice, { isTricky, isHarsh });

  const pause = (): number =>
    dice.chance(0.25)
      ? 0
      : dice.chance(0.9)
        ? Math.floor(dice.next() ** 3 * 3000)
        : dice.pick([20_000, 2 * minute, 7 * minute]);

  const actions = (world: World): (Action | Step)[] => {
    switch (dice.weighted({ ...mood })) {
      case 'edits':
        return edits(hand, world);
      case 'commands':
        return [{ do: 'sync', device: dice.pick(world.devices).at }];
      case 'deaths':
        return death(hand, world);
      case 'lines':
        return lineTrouble(hand, world);
      case 'state':
        return stateChange(hand, world);
      case 'disks':
        return diskTrouble(hand, world);
      case 'meetings':
        return meeting(hand, world);
      default:
        return appUse(hand, world);
    }
  };

  return (world) => {
    if (!isBegun) {
      isBegun = true;
      queue.push(...beginnings[start](hand, world));
    }
    while (queue.length === 0) {
      if (left-- <= 0) return null;
      const isTogether = dice.chance(0.7);
      for (const [number, action] of actions(world).entries()) {
        queue.push(Array.isArray(action) ? action : [number > 0 && isTogether ? 0 : pause(), action]);
      }
      for (const extra of extras) queue.push(...extra(world));
    }
    return must(queue.shift());
  };
}
