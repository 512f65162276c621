import fc from 'fast-check';
import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { nameKey } from '../../../src/common/name.ts';
import { type LocalNameRules, localKey } from '../../../src/model/local-name-rules.ts';
import type { NodeKind } from '../../../src/model/node.ts';
import { linuxRules, type MemoryTrees, macRules, makeMemoryTrees, windowsRules } from '../../fakes/memory-trees.ts';

const ids = Array.from({ length: 9 }, (_, index) => `${index}a`.repeat(16) as NodeId);
const names = ['a', 'b', 'A', 'a.txt', 'con', 'x:y', 'é', 'e\u0301', 'end.'];
const revisions = Array.from({ length: 4 }, (_, index) => `${index}e`.repeat(16) as RevisionId);
/** Two revisions of one content, one of its size, one of another. */
const texts = ['same', 'same', 'like', 'longer'];

export const textOf = (revision: RevisionId): string => texts[revisions.indexOf(revision)] ?? '';

interface RawNode {
  readonly isThere: boolean;
  readonly parent: number;
  readonly name: number;
  readonly localName: number;
  readonly revision: number;
  readonly differs: boolean;
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
    isThere: fc.boolean(),
    parent: fc.nat(size),
    name: fc.nat(names.length - 1),
    localName: fc.nat(names.length + 3),
    revision: fc.nat(revisions.length - 1),
    differs: fc.boolean(),
  }),
  { minLength: size, maxLength: size },
);
const flags = fc.array(fc.boolean(), { minLength: size, maxLength: size });

/** Any three trees over one handful of ids: each is a tree with free names, and that is all they have in common. */
export const rawTrees: fc.Arbitrary<RawTrees> = fc.record({
  rules: fc.nat(2),
  kinds: flags,
  tombstones: flags,
  local: tree,
  remote: tree,
  synced: tree,
});

interface Row {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly name: string;
  readonly kind: NodeKind;
  readonly raw: RawNode;
}

/** Leaves out what would be no tree: unknown or wrong parents, circles, names twice. */
function validRows(raw: readonly RawNode[], kinds: readonly boolean[], keyOf: (name: string) => string): Row[] {
  const wanted = new Map<NodeId, Row>();
  for (const [index, node] of raw.entries()) {
    const id = ids[index];
    const parent = node.parent === size ? rootNode : ids[node.parent];
    const name = names[node.name];
    if (!node.isThere || id === undefined || parent === undefined || name === undefined) continue;
    wanted.set(id, { id, parent, name, kind: kinds[index] ? 'folder' : 'file', raw: node });
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

export function buildTrees(raw: RawTrees): MemoryTrees {
  const rules: LocalNameRules = [linuxRules, macRules, windowsRules][raw.rules] ?? linuxRules;
  const trees = makeMemoryTrees(rules);
  const common = ({ id, parent, name, kind, raw: node }: Row) => {
    const revision = kind === 'file' ? (revisions[node.revision] ?? null) : null;
    const length = revision === null ? 0 : textOf(revision).length;
    return { id, parent, name, kind, revision, size: length, mtimeUs: node.revision * 1_000_000, exec: false };
  };
  for (const row of validRows(raw.remote, raw.kinds, nameKey)) {
    trees.putRemote(common(row));
  }
  for (const [index, id] of ids.entries()) {
    if (raw.tombstones[index] !== true || trees.remote(id) !== null) continue;
    const kind = raw.kinds[index] === true ? 'folder' : 'file';
    const revision = kind === 'file' ? (revisions[raw.remote[index]?.revision ?? 0] ?? null) : null;
    trees.putRemote({ id, parent: rootNode, name: id, kind, revision, size: 4, mtimeUs: 0, exec: false });
    trees.removeRemote(id);
  }
  for (const row of validRows(raw.local, raw.kinds, (name) => localKey(name, rules))) {
    const remote = trees.remote(row.id);
    const isKnown =
      row.raw.differs &&
      remote !== null &&
      textOf(remote.revision as RevisionId) !== textOf(common(row).revision as RevisionId);
    trees.putLocal({ ...common(row), differsFrom: isKnown ? remote.revision : null });
  }
  for (const row of validRows(raw.synced, raw.kinds, nameKey)) {
    trees.putSynced({ ...common(row), localName: names[row.raw.localName] ?? row.name });
  }
  return trees;
}

export const allIds: readonly NodeId[] = ids;
