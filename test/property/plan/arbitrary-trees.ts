import fc from 'fast-check';
import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { nameKey } from '../../../src/common/name.ts';
import { type LocalNameRules, localKey } from '../../../src/model/local-name-rules.ts';
import type { NodeKind } from '../../../src/model/node.ts';
import { linuxRules, type MemoryTrees, macRules, makeMemoryTrees, windowsRules } from '../../fakes/memory-trees.ts';
import { describeTrees } from './describe-trees.ts';

const ids = Array.from({ length: 9 }, (_, index) => `${index}a`.repeat(16) as NodeId);
/** Names that some disk folds, cannot hold, or shortens, and the name of another one's temporary place. */
const names = ['a', 'b', 'A', 'a.txt', 'con', 'x:y', 'é', 'e\u0301', 'end.', `${'long'.repeat(63)}.txt`, '.~0a0a0a0a'];

/** Revisions that any file may have: two of one content, one of its size, one of another. */
const shared = ['same', 'same', 'like', 'longer'];
/** Revisions of one node alone: of the size of the others, and longer. */
const own = [(node: number) => `own${node}`, (node: number) => `new${node}`, (node: number) => `newer${node}`];

const texts = new Map<RevisionId, string>();
const sharedRevisions = shared.map((text, index) => {
  const revision = `${index}e`.repeat(16) as RevisionId;
  texts.set(revision, text);
  return revision;
});
const revisionsOf = ids.map((_, node) => [
  ...sharedRevisions,
  ...own.map((text, index) => {
    const revision = `${node}${index}`.repeat(16) as RevisionId;
    texts.set(revision, text(node));
    return revision;
  }),
]);
const revisionCount = shared.length + own.length;

/** The content of a revision. */
export const textOf = (revision: RevisionId): string => texts.get(revision) ?? '';

interface RawNode {
  /** As the base has it: so that what differs from the base stands out. */
  readonly isPlaceOfBase: boolean;
  readonly isContentOfBase: boolean;
  readonly isThere: boolean;
  readonly parent: number;
  readonly name: number;
  readonly localName: number;
  readonly revision: number;
  readonly differs: boolean;
  /** Only in trees that are none: kind and whether the revision contradicts it. */
  readonly isFolder: boolean;
  readonly isOdd: boolean;
}

export interface RawTrees {
  readonly rules: number;
  readonly kinds: readonly boolean[];
  readonly tombstones: readonly boolean[];
  readonly local: readonly RawNode[];
  readonly remote: readonly RawNode[];
  readonly synced: readonly RawNode[];
}

const size = ids.length;
const tree = fc.array(
  fc.record({
    isPlaceOfBase: fc.boolean(),
    isContentOfBase: fc.boolean(),
    isThere: fc.boolean(),
    parent: fc.nat(size),
    name: fc.nat(names.length - 1),
    localName: fc.nat(names.length + 3),
    revision: fc.nat(revisionCount - 1),
    differs: fc.boolean(),
    isFolder: fc.boolean(),
    isOdd: fc.boolean(),
  }),
  { minLength: size, maxLength: size },
);
const flags = fc.array(fc.boolean(), { minLength: size, maxLength: size });
const raws: fc.Arbitrary<RawTrees> = fc.record({
  rules: fc.nat(2),
  kinds: flags,
  tombstones: flags,
  local: tree,
  remote: tree,
  synced: tree,
});

/** Any three trees, of which about half of what there is agrees with the base. */
const related = (raw: RawTrees): RawTrees => {
  const like = (side: readonly RawNode[]): RawNode[] =>
    side.map((node, index) => {
      const base = raw.synced[index] ?? node;
      return {
        ...node,
        ...(node.isPlaceOfBase ? { isThere: base.isThere, parent: base.parent, name: base.name } : {}),
        ...(node.isContentOfBase ? { revision: base.revision } : {}),
      };
    });
  const synced = raw.synced.map((node) => (node.differs ? node : { ...node, localName: names.length }));
  return { ...raw, synced, local: like(raw.local), remote: like(raw.remote) };
};

const readable = (build: (raw: RawTrees) => MemoryTrees) => (raw: RawTrees) => ({
  ...raw,
  [fc.toStringMethod]: () => `\n${describeTrees(build(raw), textOf)}\n`,
});

interface Row {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly name: string;
  readonly kind: NodeKind;
  readonly raw: RawNode;
}

const parentOf = ({ parent }: RawNode): NodeId => (parent === size ? rootNode : (ids[parent] ?? rootNode));

/** Leaves out what would be no tree: unknown or wrong parents, circles, names twice. */
function validRows(raw: readonly RawNode[], kinds: readonly boolean[], keyOf: (name: string) => string): Row[] {
  const wanted = new Map<NodeId, Row>();
  for (const [index, node] of raw.entries()) {
    const id = ids[index];
    const name = names[node.name];
    if (!node.isThere || id === undefined || name === undefined) continue;
    wanted.set(id, { id, parent: parentOf(node), name, kind: kinds[index] ? 'folder' : 'file', raw: node });
  }
  const rows: Row[] = [];
  const added = new Set<NodeId>([rootNode]);
  const slots = new Set<string>();
  for (let before = -1; before !== rows.length; ) {
    before = rows.length;
    for (const row of wanted.values()) {
      const slot = `${row.parent}/${keyOf(row.name)}`;
      const isFolder = row.parent === rootNode || wanted.get(row.parent)?.kind === 'folder';
      if (added.has(row.id) || !added.has(row.parent) || !isFolder || slots.has(slot)) continue;
      rows.push(row);
      added.add(row.id);
      slots.add(slot);
    }
  }
  return rows;
}

const rulesOf = (raw: RawTrees): LocalNameRules => [linuxRules, macRules, windowsRules][raw.rules] ?? linuxRules;

const revisionOf = (index: number, kind: NodeKind, node: RawNode | undefined): RevisionId | null =>
  kind === 'file' ? (revisionsOf[index]?.[node?.revision ?? 0] ?? null) : null;

const common = ({ id, parent, name, kind, raw }: Row) => {
  const revision = revisionOf(ids.indexOf(id), kind, raw);
  const length = revision === null ? 0 : textOf(revision).length;
  return { id, parent, name, kind, revision, size: length, mtimeUs: raw.revision * 1_000_000, exec: false };
};

export function buildTrees(raw: RawTrees): MemoryTrees {
  const rules = rulesOf(raw);
  const trees = makeMemoryTrees(rules);
  for (const row of validRows(raw.remote, raw.kinds, nameKey)) {
    trees.putRemote(common(row));
  }
  for (const [index, id] of ids.entries()) {
    if (raw.tombstones[index] !== true || trees.remote(id) !== null) continue;
    const kind = raw.kinds[index] === true ? 'folder' : 'file';
    const revision = revisionOf(index, kind, raw.remote[index]);
    trees.putRemote({ id, parent: rootNode, name: id, kind, revision, size: 4, mtimeUs: 0, exec: false });
    trees.removeRemote(id);
  }
  for (const row of validRows(raw.local, raw.kinds, (name) => localKey(name, rules))) {
    const remote = trees.remote(row.id);
    const local = common(row);
    const isKnown =
      row.raw.differs &&
      remote?.revision != null &&
      local.revision !== null &&
      textOf(remote.revision) !== textOf(local.revision);
    trees.putLocal({ ...local, differsFrom: isKnown ? remote.revision : null });
  }
  for (const row of validRows(raw.synced, raw.kinds, nameKey)) {
    trees.putSynced({ ...common(row), localName: names[row.raw.localName] ?? row.name });
  }
  return trees;
}

/**
 * Rows as no index should ever hold them: orphans, circles, children of files, names twice, kinds that differ between the
 * sides, files without a revision and folders with one.
 */
export function buildWildTrees(raw: RawTrees): MemoryTrees {
  const trees = makeMemoryTrees(rulesOf(raw));
  const rows = (side: readonly RawNode[]) =>
    side.flatMap((node, index) => {
      const id = ids[index];
      const name = names[node.name];
      if (!node.isThere || id === undefined || name === undefined) return [];
      const kind = node.isFolder ? 'folder' : 'file';
      const row = common({ id, parent: parentOf(node), name, kind, raw: node });
      const odd = revisionOf(index, kind === 'file' ? 'folder' : 'file', node);
      return [node.isOdd && node.differs ? { ...row, revision: odd } : row];
    });
  for (const row of rows(raw.remote)) {
    trees.putRemote(row);
    if (raw.tombstones[ids.indexOf(row.id)] === true) trees.removeRemote(row.id);
  }
  for (const row of rows(raw.local)) trees.putLocal({ ...row, differsFrom: null });
  for (const row of rows(raw.synced)) trees.putSynced({ ...row, localName: row.name });
  return trees;
}

/** Any three trees over one handful of ids: each is a tree with free names, and that is all they have in common. */
export const rawTrees: fc.Arbitrary<RawTrees> = fc
  .oneof({ weight: 1, arbitrary: raws }, { weight: 3, arbitrary: raws.map(related) })
  .map(readable(buildTrees));

/** Any three sets of rows over one handful of ids. */
export const rawWildTrees: fc.Arbitrary<RawTrees> = raws.map(readable(buildWildTrees));

export const allIds: readonly NodeId[] = ids;
