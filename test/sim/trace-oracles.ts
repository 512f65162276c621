import { must } from '../../src/common/errors.ts';
import { isRules } from './content-book.ts';
import { historyContents } from './history-contents.ts';
import { replicaOf } from './replica.ts';
import { nameOf } from './sim-folder.ts';
import type { World } from './world.ts';

/** What the app took out of a folder is in that folder's trash, whatever the history keeps. */
export function expectInTrash(world: World): void {
  for (const [at, seen] of world.seen.entries()) {
    const device = must(world.devices[at]);
    if (device.hasDeselected) continue;
    const there = device.folder.contents(true);
    for (const name of seen.names()) {
      if (there.has(name) || !world.book.all.has(name) || seen.isForgotten(name)) continue;
      world.problem('trash', `${name} was on device ${at}, was deleted by nobody there, and is not in its trash`);
    }
  }
}

/** What nobody overwrote or deleted is in no trash: taken away and brought back is a delete that every device saw. */
export function expectNoNeedlessDeletes(world: World): void {
  for (const [at, { folder, hasDeselected, processes }] of world.devices.entries()) {
    // What is taken off a device is in its trash on the way: where the process dies then, it stays there.
    if (hasDeselected && processes > 1) continue;
    for (const name of folder.trash()) {
      const content = world.book.all.get(name);
      if (content?.isWanted !== true || content.isHandled || content.isCopied || content.isExempt) continue;
      world.problem('needless', `${name} was overwritten and deleted by nobody, and is in the trash of device ${at}`);
    }
  }
}

/** Names that the app gives to what is on its way; none of them stays, unless a person gave it to something. */
const passing = /^(\.~[0-9a-f]{8,}~*|recovered-.+)$/;
/** Of what was brought back beside what had taken its place meanwhile. */
const broughtBack = / \(\d+\)(?=\/|$)/;

export function expectGivenNames(world: World, given: ReadonlySet<string>): void {
  const [first] = world.devices;
  if (first === undefined) return;
  const { nodes } = replicaOf(first);
  for (const path of nodes.keys()) {
    if (path.split('/').some((name) => passing.test(name) && !given.has(name)))
      world.problem('names', `${path} is a name that nobody gave`);
  }
}

/** A file is of the time that a person's program gave it, wherever it went: the app makes up none. */
export function expectGivenTimes(world: World): void {
  for (const { at, folder } of world.devices) {
    for (const [path, { kind, bytes, mtimeUs }] of folder.tree()) {
      if (kind === 'file' && !world.times.isGiven(nameOf(bytes), mtimeUs))
        world.problem('times', `${path} on device ${at} is of ${mtimeUs}, which nobody gave it`);
    }
  }
}

/** Where the disk knows a thing again, what was brought back is still the same node: nothing is left of it elsewhere. */
export function expectBroughtBackOnce(world: World): void {
  const [first] = world.devices;
  if (first === undefined || !world.devices.every(({ folder: { disk } }) => disk.traits.hasStableIds)) return;
  const { nodes } = replicaOf(first);
  const places = new Map<string, number>();
  for (const content of nodes.values()) places.set(content, (places.get(content) ?? 0) + 1);
  for (const [path, content] of nodes) {
    if (!broughtBack.test(path) || (places.get(content) ?? 0) < 2) continue;
    if (world.book.all.get(content)?.isCopied === false)
      world.problem('copies', `${path} was brought back, and its content is elsewhere as well`);
  }
}

/** No version holds a part of what was saved, or of two saves something. A power cut alone leaves such files on a disk. */
export async function expectNoTornVersions(world: World): Promise<void> {
  // Who moved no content has no use for the keys.
  const running = world.devices.map((device) => device.running).find((each) => each !== null && each.crypto() !== null);
  if (world.hasPowerCut || running === null || running === undefined) return;
  for (const name of await historyContents(running, world.server, world.account.vault)) {
    if (name !== 'nothing' && !isRules(name) && !world.book.all.has(name))
      world.problem('torn', `a version holds ${name}`);
  }
}

/** Who saves a content once sends it once: to move, copy, touch or bring it back sends nothing. */
export function expectNoNeedlessSending(world: World): void {
  for (const { device, content, saved, objects } of world.sendings.needless())
    world.problem(
      'sent',
      `device ${device} sent #${content} ${objects.size} times, and it was saved there ${saved} times`,
    );
}
