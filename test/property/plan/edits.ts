import fc from 'fast-check';
import type { RemoteNode, SyncedNode } from '../../../src/model/node.ts';
import { isMovedLocally, isMovedRemotely } from '../../../src/plan/diverged.ts';
import { localSpelling } from '../../../src/plan/local-name.ts';
import type { PlanWorld, Replica } from '../../fakes/plan-world.ts';

/** Something a person does on one side; numbers pick among what is there, so that most edits hit something. */
export interface Edit {
  readonly side: 'local' | 'remote';
  readonly type: 'write' | 'create' | 'mkdir' | 'rm' | 'mv' | 'swap';
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly content: string;
}

const names = ['a', 'b', 'c', 'A', 'a.txt', 'x:y', 'con'];
const contents = ['', '1', '2', '11', '22', '333'];

export const edits = (maxLength: number): fc.Arbitrary<readonly Edit[]> =>
  fc.array(
    fc.record({
      side: fc.constantFrom('local' as const, 'remote' as const),
      type: fc.constantFrom('write', 'create', 'mkdir', 'rm', 'mv', 'mv', 'mv', 'swap'),
      from: fc.nat(40),
      to: fc.nat(40),
      name: fc.constantFrom(...names),
      content: fc.constantFrom(...contents),
    }) as fc.Arbitrary<Edit>,
    { maxLength },
  );

const pick = <T>(items: readonly T[], number: number): T | undefined => items[number % Math.max(items.length, 1)];

/** Case set aside, so that no disk takes one for the other's inside. */
const isWithin = (path: string, folder: string): boolean =>
  `${path}/`.toLowerCase().startsWith(`${folder.replace(/\/$/, '')}/`.toLowerCase());

function moveWithin(replica: Replica, from: string, to: string): void {
  // Into itself; or over one of its own ancestors, which would delete the node itself.
  if (isWithin(to, from) || isWithin(from, to)) return;
  replica.mv(from, to);
}

export function perform(world: PlanWorld, edit: Edit): void {
  const replica = world[edit.side];
  const listing = Object.keys(replica.list());
  const folders = ['', ...listing.filter((path) => path.endsWith('/'))];
  const files = listing.filter((path) => !path.endsWith('/'));
  const from = pick(listing, edit.from);
  const target = `${pick(folders, edit.to) ?? ''}${edit.name}`;
  const isFree = !replica.has(target);
  const { rules } = world.trees;
  if (edit.side === 'local' && localSpelling(edit.name, rules) !== edit.name) return;
  switch (edit.type) {
    case 'write': {
      const file = pick(files, edit.from);
      if (file !== undefined) replica.write(file, edit.content);
      return;
    }
    case 'create':
      if (isFree) replica.write(target, edit.content);
      return;
    case 'mkdir':
      if (isFree) replica.mkdir(target);
      return;
    case 'rm':
      if (from !== undefined) replica.rm(from);
      return;
    case 'mv':
      if (from !== undefined) moveWithin(replica, from, target);
      return;
    case 'swap': {
      const other = pick(listing, edit.to);
      if (from === undefined || other === undefined || isWithin(from, other) || isWithin(other, from)) return;
      replica.mv(from, 'temporary').mv(other, from).mv('temporary', other);
      return;
    }
  }
}

/** Edited there before it was deleted there: whoever did that has seen what was before. */
const edited = (tombstone: RemoteNode | null, synced: SyncedNode | null): RemoteNode | null =>
  tombstone !== null && tombstone.revision !== synced?.revision ? tombstone : null;

/** Contents that nobody replaced or deleted knowingly: they must be there in the end. */
export function unseenContents(world: PlanWorld): string[] {
  const { trees, contents: texts } = world;
  const unseen = new Set<string>();
  for (const row of trees.locals()) {
    const synced = trees.synced(row.id);
    if (row.revision === null) continue;
    if (synced === null || synced.revision !== row.revision || isMovedLocally(row, synced)) {
      // Moved only: whoever edits it elsewhere has seen this content.
      const remote = trees.remote(row.id) ?? edited(trees.tombstone(row.id), synced);
      const isReplacedThere = synced !== null && synced.revision === row.revision && remote !== null;
      if (!isReplacedThere) unseen.add(texts.of(row.revision));
    }
  }
  for (const row of trees.remotes()) {
    const synced = trees.synced(row.id);
    if (row.revision === null) continue;
    if (synced === null || synced.revision !== row.revision || isMovedRemotely(row, synced)) {
      const local = trees.local(row.id);
      const isReplacedHere = synced !== null && synced.revision === row.revision && local !== null;
      if (!isReplacedHere) unseen.add(texts.of(row.revision));
    }
  }
  return [...unseen];
}
