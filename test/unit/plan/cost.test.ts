import { describe, expect, it } from 'vitest';
import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { PlanContext } from '../../../src/plan/context.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { linuxRules, type MemoryTrees, makeMemoryTrees } from '../../fakes/memory-trees.ts';
import { calmGuard } from '../../fakes/plan-world.ts';

const context: PlanContext = {
  deviceName: 'Here',
  nameRules: linuxRules,
  isBlocked: () => false,
  guard: calmGuard,
};

/** Unlike the order of creation, as random ids are. */
const idOf = (number: number): NodeId =>
  (((number * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') + number.toString(16).padStart(24, '0')) as NodeId;
const revision = 'e'.repeat(32) as RevisionId;

const row = (id: NodeId, parent: NodeId, name: string, isFolder: boolean) => ({
  id,
  parent,
  name,
  kind: isFolder ? ('folder' as const) : ('file' as const),
  revision: isFolder ? null : revision,
  size: 1,
  mtimeUs: 0,
  exec: false,
});

type Put = (trees: MemoryTrees, node: ReturnType<typeof row>) => void;
const local: Put = (trees, node) => trees.putLocal({ ...node, differsFrom: null });
const remote: Put = (trees, node) => trees.putRemote(node);
const synced: Put = (trees, node) => trees.putSynced({ ...node, localName: node.name });

/** `count` files, twenty to a folder. */
function flat(count: number, ...puts: readonly Put[]): MemoryTrees {
  const trees = makeMemoryTrees();
  for (let number = 1; number <= count; number++) {
    const folder = number - ((number - 1) % 21);
    const isFolder = folder === number;
    const node = row(idOf(number), isFolder ? rootNode : idOf(folder), `n${number}`, isFolder);
    for (const put of puts) put(trees, node);
  }
  return trees;
}

/** A chain of folders, each in the one before. */
function deep(depth: number, ...puts: readonly Put[]): MemoryTrees {
  const trees = makeMemoryTrees();
  for (let number = 1; number <= depth; number++) {
    const node = row(idOf(number), number === 1 ? rootNode : idOf(number - 1), `n${number}`, true);
    for (const put of puts) put(trees, node);
  }
  return trees;
}

const size = 4000;
const reads = (trees: MemoryTrees): { perNode: number; operations: number } => {
  const ids = trees.ids();
  const before = trees.reads();
  const plan = makePlan(trees, ids, context);
  return {
    perNode: (trees.reads() - before) / ids.length,
    operations: plan.settle.length + plan.up.length + plan.down.length,
  };
};

describe('the cost of a plan', () => {
  it.each([
    ['first upload', [local], size],
    ['first download', [remote], size],
    ['delete of all here', [remote, synced], Math.ceil(size / 21)],
    ['delete of all there', [local, synced], size],
    ['both had it all along', [local, remote], size],
  ] as const)('%s: a fixed number of questions a node, however many', (_, puts, operations) => {
    const small = reads(flat(size / 4, ...puts));
    const large = reads(flat(size, ...puts));
    expect(large.operations).toBe(operations);
    expect(large.perNode).toBeLessThan(30);
    expect(large.perNode).toBeLessThan(small.perNode * 1.1);
  });

  it('joining two equal folders costs as little', () => {
    const trees = flat(size, local);
    for (let number = 1; number <= size; number++) {
      const folder = number - ((number - 1) % 21);
      const parent = folder === number ? rootNode : idOf(folder + 1_000_000);
      remote(trees, row(idOf(number + 1_000_000), parent, `n${number}`, folder === number));
    }
    const before = trees.reads();
    const plan = makePlan(trees, trees.ids(), context);
    expect(plan.up).toEqual([]);
    expect(plan.down).toEqual([]);
    expect(plan.settle).toHaveLength(2 * size);
    expect((trees.reads() - before) / size).toBeLessThan(80);
  });

  it('one change in a large tree asks about that one and what is around it', () => {
    const trees = flat(size, local, remote, synced);
    local(trees, { ...row(idOf(2), idOf(1), 'renamed', false) });
    const before = trees.reads();
    expect(makePlan(trees, [idOf(2)], context).up).toHaveLength(1);
    expect(trees.reads() - before).toBeLessThan(60);
  });

  it.each([
    ['created here', [local]],
    ['created there', [remote]],
    ['deleted here', [remote, synced]],
    ['deleted there', [local, synced]],
  ] as const)('10,000 folders deep, %s: no recursion', (_, puts) => {
    const trees = deep(10_000, ...puts);
    const { perNode } = reads(trees);
    expect(perNode).toBeLessThan(30);
  });

  it('an edit 10,000 folders deep restores them all', () => {
    const trees = deep(10_000, local, synced);
    local(trees, row(idOf(20_000), idOf(10_000), 'new', false));
    expect(makePlan(trees, trees.ids(), context).up).toHaveLength(10_001);
  });

  it('a chain turned upside down is planned without going through it again and again', () => {
    const depth = 300;
    const trees = deep(depth, remote, synced);
    for (let number = 1; number <= depth; number++) {
      const parent = number === depth ? rootNode : idOf(number + 1);
      local(trees, row(idOf(number), parent, `n${number}`, true));
    }
    const plan = makePlan(trees, trees.ids(), context);
    expect(plan.up.filter(({ rule }) => rule === 'moved-here')).toHaveLength(depth);
  });
});
