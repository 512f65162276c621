import type { SimDevice } from './device.ts';
import { replicaOf } from './replica.ts';
import type { World } from './world.ts';

/** By then a stream of hints that broke is open again, milliseconds. */
const reconnected = 7000;

/** By then a watch hint and a hint of the server have arrived where none is lost, milliseconds. */
const soon = 5000;

/** It is to have all that the vault has, and the vault all that is there. */
const isWhole = ({ hasRules }: World, { hasDeselected }: SimDevice): boolean => !hasRules && !hasDeselected;

/** Nobody says "up to date" who is not, or cannot know. */
export function expectHonestStatus(world: World): void {
  const { scheduler, server } = world;
  for (const device of world.devices) {
    const { running, folder, line, at } = device;
    if (folder.isUnplugged) continue;
    if (running === null || running.pair.status().state !== 'up-to-date') continue;
    if (line.isUnheard) {
      world.problem('status', `device ${at} says that it is up to date, and heard nothing when it asked for the log`);
    }
    const counts = running.index.read.counts();
    if (counts.issues > 0 || counts.blocked > 0) {
      const open = running.index.read.issues().map(({ kind }) => kind);
      if (open.some((kind) => kind === 'held-deletes' || kind === 'file-blocked')) {
        world.problem('status', `device ${at} says that it is up to date, with ${open.join(', ')}`);
      }
    }
    const hears = device.isWatching && !folder.hasLostHints;
    if (!hears || scheduler.now - folder.changedAt < soon) continue;
    const { faults } = isWhole(world, device) ? replicaOf(device) : { faults: [] };
    // What the vault has and the device was not told of is no lie: only what it knows counts.
    for (const fault of faults.slice(0, 3)) {
      world.problem('status', `device ${at} says that it is up to date, but ${fault}`);
    }
    if (line.hasLostHints || line.isCut || !server.isUp) continue;
    if (scheduler.now - Math.max(line.turnedAt, server.startedAt) < reconnected) continue;
    if (scheduler.now - server.changedAt < soon + line.faults.latency * 4) continue;
    if (running.pair.status().seq < server.seq) {
      world.problem(
        'status',
        `device ${at} says that it is up to date at ${running.pair.status().seq} of ${server.seq}`,
      );
    }
  }
}

/** Who was just told of all changes of its folder, and has not looked yet, does not say "up to date". */
export function expectHonestOnceTold(world: World, device: SimDevice): void {
  const { running, folder, at } = device;
  if (folder.isUnplugged || running === null || running.pair.status().state !== 'up-to-date') return;
  if (!isWhole(world, device)) return;
  for (const fault of replicaOf(device).faults.slice(0, 3)) {
    world.problem('status', `device ${at} says that it is up to date right after it was told that ${fault}`);
  }
}
