import { HoldfastError } from '../../src/common/errors.ts';
import { type DrawStep, draw } from './draw/draw-history.ts';
import type { Action, History } from './history.ts';
import { judge } from './oracles.ts';
import { performer } from './perform.ts';
import { Stuck } from './scheduler.ts';
import { settle } from './settle.ts';
import { expectHonestOnceTold, expectHonestStatus } from './status-oracle.ts';
import { mendStops } from './stops.ts';
import { openWorld, type Problem } from './world.ts';

export interface Outcome {
  /** With all steps as they were drawn: running it again is the same history. */
  readonly history: History;
  readonly problems: readonly Problem[];
  /** Events that ran, virtual milliseconds that passed. */
  readonly events: number;
  readonly time: number;
}

export interface RunOptions {
  /**
   * A copy with the content of its original counts in any case. Without it only where no work was cut off: what was placed
   * and is not in the index yet is a stranger there, who is kept beside what the vault has made of it meanwhile.
   */
  readonly isStrict?: boolean;
  /** Told each line of the story. */
  readonly story?: (line: string) => void;
}

const maxEventsAStep = 100_000;
const cuttingOff: ReadonlySet<Action['do']> = new Set([
  'die',
  'restore',
  'lose-index',
  'disk-fails',
  'disk-fails-anywhere',
  'unplug',
  'add-again',
  'delete-vault',
  'server-put-back',
  'lose-home',
]);

/** What was sent may be sent again after these, or may be gone by then. */
const disturbing: ReadonlySet<Action['do']> = new Set([
  'save-amid',
  'stop',
  'locate',
  'cut',
  'server-dies',
  'room',
  'days',
  'jump',
  'server-jump',
]);

/** Every name that a person's step has in it. */
function namesIn(steps: History['steps']): ReadonlySet<string> {
  const words = (value: unknown): readonly string[] =>
    typeof value === 'string'
      ? value.split('/')
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(words)
        : [];
  return new Set(words(steps));
}

/** Runs a history to its end and judges it. A seed draws its steps as it goes. Never rejects for what the history does. */
export async function runHistory(what: number | History, options: RunOptions = {}): Promise<Outcome> {
  const { story, isStrict = false } = options;
  const drawn = typeof what === 'number' ? draw(what) : null;
  const plan = drawn === null ? (what as History) : drawn.history;
  const world = await openWorld(plan, story ?? null);
  const { scheduler } = world;
  const performing = performer(world);
  const steps: History['steps'] = [];
  try {
    for (const device of world.devices) {
      device.folder.onTold = () => expectHonestOnceTold(world, device);
      if (device.isWatching) device.start();
    }
    const next: DrawStep = drawn === null ? () => plan.steps[steps.length] ?? null : drawn.next;
    for (let step = next(world); step !== null; step = next(world)) {
      steps.push(step);
      const [wait, action] = step;
      if (wait > 0) await scheduler.pass(wait, maxEventsAStep);
      world.tell('step', () => JSON.stringify(action));
      performing.perform(action);
      expectHonestStatus(world);
      if (world.problems.length > 0) break;
    }
    const { lost, lostReply } = plan.line;
    // Who was removed comes back with a new home, as after 'lose-home'.
    const isCutOff = plan.removed !== undefined || steps.some(([, { do: what }]) => cuttingOff.has(what));
    const isDisturbed = isCutOff || steps.some(([, { do: what }]) => disturbing.has(what));
    if (world.problems.length === 0) await mendStops(world, performing);
    if (world.problems.length === 0 && (await settle(world, performing))) {
      await judge(world, {
        withCopies: isStrict || !isCutOff,
        isCalm: !isDisturbed && lost + lostReply === 0,
        isJoined: plan.isJoined === true,
        given: namesIn(steps),
      });
    }
  } catch (error) {
    const why = error instanceof Stuck ? error.why : 'bug';
    const text = error instanceof HoldfastError ? `${error.kind}: ${error.message}` : '';
    world.problem(why, `${text} ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    world.close();
  }
  return {
    history: { ...plan, steps },
    problems: world.problems,
    events: scheduler.count,
    time: scheduler.now,
  };
}
