import { must } from '../../src/common/errors.ts';
import { simAccount } from './account.ts';
import { historyContents } from './history-contents.ts';
import { replicaOf } from './replica.ts';
import type { World } from './world.ts';

/** What the app took out of a folder is in that folder's trash, whatever the history keeps. */
export function expectInTrash(world: World): void {
  for (const [at, seen] of world.seen.entries()) {
    const there = must(world.devices[at]).folder.contents(true);
    for (const name of seen) {
      if (there.has(name) || !world.book.all.has(name)) continue;
      world.problem('trash', `${name} was on device ${at}, was deleted by nobody there, and is not in its trash`);
    }
  }
}

/** What nobody overwrote or deleted is in no trash: taken away and brought back is a delete that every device saw. */
export function expectNoNeedlessDeletes(world: World): void {
  for (const [at, { folder }] of world.devices.entries()) {
    for (const name of folder.trash()) {
      const content = world.book.all.get(name);
      if (content?.isWanted !== true || content.isHandled || content.isCopied || content.isExempt) continue;
      world.problem('needless', `${name} was overwritten and deleted by nobody, and is in the trash of device ${at}`);
    }
  }
}

/** Names that the app gives to what is on its way; none of them stays, unless a person gave it to something. */
const passing = /^(\.~[0-9a-f]{8,}~*|recovered-.+)$/;

export function expectGivenNames(world: World, given: ReadonlySet<string>): void {
  const [first] = world.devices;
  if (first === undefined) return;
  for (const path of replicaOf(first).nodes.keys()) {
    if (path.split('/').some((name) => passing.test(name) && !given.has(name)))
      world.problem('names', `${path} is a name that nobody gave`);
  }
}

/** No version holds a part of what was saved, or of two saves something. A power cut alone leaves such files on a disk. */
export async function expectNoTornVersions(world: World): Promise<void> {
  // Who moved no content has no use for the keys.
  const running = world.devices.map((device) => device.running).find((each) => each !== null && each.crypto() !== null);
  if (world.hasPowerCut || running === null || running === undefined) return;
  for (const name of await historyContents(running, world.server, (await simAccount()).vault)) {
    if (name !== 'nothing' && !world.book.all.has(name)) world.problem('torn', `a version holds ${name}`);
  }
}
