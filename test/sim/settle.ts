import { rulesFileName } from '../../src/common/name.ts';
import { goodLine } from './network.ts';
import { type Performing, resolveHeld, selectAll } from './perform.ts';
import { isLeftOfSaving } from './replica.ts';
import { Stuck } from './scheduler.ts';
import type { World } from './world.ts';

const maxEvents = 200_000;
/** Longer than any back-off and any rescan; what is not noticed then never is. */
const patience = 25 * 60_000;

/** What a power cut left of an editor's saving: everybody ignores it, so a person has to take it away where it stands in the way. */
function tidy(world: World): void {
  for (const device of world.devices) {
    const { disk, path, tree } = device.folder;
    for (const [below, { kind }] of tree()) {
      if ((kind === 'file' && isLeftOfSaving(below)) || kind === 'symlink')
        world.act(device, () => disk.person.remove(`${path}/${below}`));
    }
  }
}

/** What rules left out is to be synced again. Where somebody changes them meanwhile, they are there once more. */
function removeRules(world: World): void {
  if (!world.hasRules) return;
  for (const device of world.devices) {
    const { disk, path, tree } = device.folder;
    for (const below of tree().keys()) {
      // A folder that a person moved there stands in the way of rules as well.
      if (below === rulesFileName || below.endsWith(`/${rulesFileName}`))
        world.act(device, () => disk.person.remove(`${path}/${below}`));
    }
  }
}

/** Everything works from here on, and everybody is up. */
export async function endTrouble(world: World, performing: Performing, maxTime: number): Promise<void> {
  const { scheduler, server, devices } = world;
  world.tell('world', () => 'all trouble ends');
  // Where nothing was cut, nobody connects again, and a hint that was lost stays lost.
  const broken = devices.filter(({ line }) => line.isCut || !server.isUp);
  server.setRoom(null);
  server.start();
  server.crashAfter(Number.POSITIVE_INFINITY);
  for (const device of devices) {
    device.expect({ where: 'call', after: Number.POSITIVE_INFINITY, isPowerCut: false });
    device.line.faults = goodLine;
    device.line.isCut = false;
    device.folder.deafness = 0;
    device.folder.disk.clearFaults();
    device.start();
  }
  await scheduler.run(() => performing.pending === 0, { until: maxTime, maxEvents });
  // One may be closing.
  const isUp = () => devices.every(({ running, isStopping }) => running !== null && !isStopping);
  await scheduler.run(isUp, { until: maxTime, maxEvents });
  // To resume is to look at everything: who was not paused has to find by itself what it missed.
  for (const { running } of devices) {
    const state = running?.pair.status().state;
    // A command of one that was paused may have found what stops it.
    if (state === 'paused' || state === 'root-missing' || state === 'frozen') running?.pair.resume();
  }
  for (const device of broken) device.line.listen();
  tidy(world);
}

/** Ends all trouble and lets everybody finish. False if they do not; why is among the world's problems. */
export async function settle(world: World, performing: Performing): Promise<boolean> {
  const { scheduler, server, devices } = world;
  const maxTime = scheduler.now + 8 * 3600_000;
  try {
    await endTrouble(world, performing, maxTime);
    let calmSince = scheduler.now;
    let last = '';
    for (let round = 0; ; round++) {
      if (scheduler.now > maxTime || round > 240) {
        world.problem('settles', `not calm after ${round} rounds: ${statuses(world)}`);
        return false;
      }
      removeRules(world);
      await all(world, async (device) => {
        const { pair } = await device.ready();
        if (!device.isWatching) await pair.sync();
        await resolveHeld(device, 'allow');
        await selectAll(device);
      });
      await scheduler.pass(30_000, maxEvents);
      const state = `${server.seq} ${devices.map(({ folder }) => folder.changes).join()}`;
      if (state !== last) calmSince = scheduler.now;
      last = state;
      const isDone = devices.every(({ running }) => running?.pair.status().state === 'up-to-date');
      const hasDeaf = devices.some(({ folder, line }) => folder.hasLostHints || line.hasLostHints);
      const wanted = isDone && !hasDeaf ? 60_000 : patience;
      if (scheduler.now - calmSince >= wanted && (isDone || scheduler.now - calmSince > 2 * patience)) break;
    }
    return true;
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    world.problem(error.why, `${error.message}: ${statuses(world)}`);
    return false;
  }
}

export const statuses = ({ devices }: World): string =>
  devices.map(({ at, running }) => `device ${at} ${describe(running?.pair.status())}`).join('; ');

const describe = (status: { readonly state: string; readonly message: string } | undefined): string =>
  status === undefined ? 'is down' : `is ${status.state} (${status.message})`;

/** Does it for each device, on virtual time. */
export async function all(
  world: World,
  work: (device: World['devices'][number]) => Promise<unknown>,
  devices = world.devices,
): Promise<void> {
  let left = devices.length;
  let failure: unknown = null;
  for (const device of devices) {
    work(device)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        left--;
      });
  }
  await world.scheduler.run(() => left === 0, { until: world.scheduler.now + 3600_000, maxEvents });
  if (failure !== null) throw failure;
}
