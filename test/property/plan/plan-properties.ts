import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { NodeId, RevisionId } from '../../../src/common/ids.ts';
import type { PlanContext } from '../../../src/plan/context.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { type ApplyOptions, applyPlan, sideFaults } from '../../fakes/apply-plan.ts';
import type { Contents } from '../../fakes/contents.ts';
import type { MemoryTrees } from '../../fakes/memory-trees.ts';
import { calmGuard } from '../../fakes/plan-world.ts';
import { allIds, buildTrees, buildWildTrees, rawTrees, rawWildTrees, textOf } from './arbitrary-trees.ts';
import { lastingContents, lostContent } from './lost-contents.ts';
import { asExecuted, permutePlan } from './permute.ts';
import { type PlanProperty, property } from './property.ts';

const maxRounds = 8;

const divergedIn = (trees: MemoryTrees): NodeId[] =>
  trees.ids().filter((id) => isDiverged(trees.local(id), trees.remote(id), trees.synced(id)));

const contextOf = (trees: MemoryTrees, change: Partial<PlanContext> = {}): PlanContext => ({
  deviceName: 'Here',
  nameRules: trees.rules,
  isBlocked: () => false,
  guard: calmGuard,
  ...change,
});

const planOf = (trees: MemoryTrees, change: Partial<PlanContext> = {}): Plan =>
  makePlan(trees, divergedIn(trees), contextOf(trees, change));

/** Copies get ids by the node that they are copies of, so that no order of operations shows in them. */
function makeContents(): Contents {
  const copies = new Map<NodeId, number>();
  const found = new Map<RevisionId, string>();
  return {
    of: (revision) => found.get(revision) ?? textOf(revision),
    freshRevision: (text) => {
      const revision = `dd${(found.size + 1).toString(16).padStart(30, '0')}` as RevisionId;
      found.set(revision, text);
      return revision;
    },
    freshId: (node) => {
      const number = (copies.get(node) ?? 0) + 1;
      copies.set(node, number);
      return `f${number}${node.slice(2)}` as NodeId;
    },
  };
}

const isEmpty = (plan: Plan): boolean => plan.settle.length + plan.up.length + plan.down.length === 0;

/** Plans and applies until nothing diverges. */
function finish(trees: MemoryTrees, contents: Contents, options: ApplyOptions = {}): void {
  for (let round = 0; divergedIn(trees).length > 0; round++) {
    assert.ok(round < maxRounds, `still diverged after ${round} rounds`);
    applyPlan(trees, planOf(trees), contents, options);
    assert.deepEqual(sideFaults(trees), []);
  }
  assert.ok(isEmpty(makePlan(trees, allIds, contextOf(trees))), 'a further plan is not empty');
}

/** All rows, as text to compare. */
const snapshot = (trees: MemoryTrees): string =>
  JSON.stringify(
    trees
      .ids()
      .sort()
      .map((id) => [trees.local(id), trees.remote(id), trees.synced(id), trees.tombstone(id)]),
    (_, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
  );

/** Bits and numbers that repeat, so that they shrink to something short. */
const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 24 });
const numbers = fc.array(fc.nat(1000), { minLength: 1, maxLength: 24 });
const reader = <T>(items: readonly T[]): (() => T) => {
  let at = 0;
  return () => items[at++ % items.length] as T;
};

function shuffled<T>(items: readonly T[], pick: () => number): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = pick() % (at + 1);
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}

function assertSafe(trees: MemoryTrees, plan: Plan): void {
  for (const { node, type } of [...plan.up, ...plan.down]) {
    const [local, remote, synced] = [trees.local(node), trees.remote(node), trees.synced(node)];
    if (type === 'up-delete') {
      assert.ok(synced !== null && local === null, `${type} of ${node}`);
      assert.equal(remote?.revision, synced.revision);
    }
    if (type === 'down-delete') {
      assert.ok(synced !== null && remote === null, `${type} of ${node}`);
      assert.equal(local?.revision, synced.revision);
    }
  }
}

/** What holds for any three trees whatsoever. */
export const planProperties: readonly PlanProperty[] = [
  property(
    'each operation is possible in its turn, and after a few rounds the trees agree',
    [rawTrees, bits],
    (raw, order) => {
      const trees = buildTrees(raw);
      finish(trees, makeContents(), { upNext: reader(order) });
      assert.equal(trees.locals().length, trees.remotes().length);
    },
  ),

  property('no content is lost that nobody replaced or deleted knowing it', [rawTrees, bits], (raw, order) => {
    const trees = buildTrees(raw);
    const lasting = lastingContents(trees, textOf);
    finish(trees, makeContents(), { upNext: reader(order) });
    assert.equal(lostContent(trees, textOf, lasting), null);
  }),

  property('nothing is deleted that is not as the base says, on either side', [rawTrees], (raw) => {
    const trees = buildTrees(raw);
    assertSafe(trees, planOf(trees));
  }),

  property(
    'the plan depends neither on the order in which nodes are named nor on agreeing ones',
    [rawTrees, numbers],
    (raw, picks) => {
      const trees = buildTrees(raw);
      const before = snapshot(trees);
      const plan = planOf(trees);
      assert.deepEqual(makePlan(trees, shuffled([...allIds, ...allIds], reader(picks)), contextOf(trees)), plan);
      assert.equal(snapshot(trees), before);
    },
  ),

  property(
    'operations that do not depend on each other give the same end in any order',
    [rawTrees, numbers, bits],
    (raw, picks, order) => {
      const [first, second] = [buildTrees(raw), buildTrees(raw)];
      for (let round = 0; divergedIn(second).length > 0; round++) {
        assert.ok(round < maxRounds, `still diverged after ${round} rounds`);
        // The first trees are where the plan's own order leads.
        const permuted = permutePlan(first, planOf(second), makeContents(), reader(picks));
        applyPlan(second, permuted, makeContents(), { upNext: reader(order) });
        assert.equal(snapshot(second), snapshot(first));
      }
    },
  ),

  property(
    'contents that come late and in any order lead to the same end',
    [rawTrees, numbers, bits],
    (raw, picks, order) => {
      const [first, second] = [buildTrees(raw), buildTrees(raw)];
      const pick = reader(picks);
      for (let round = 0; divergedIn(second).length > 0; round++) {
        assert.ok(round < maxRounds, `still diverged after ${round} rounds`);
        const plan = planOf(second);
        applyPlan(first, plan, makeContents());
        applyPlan(second, asExecuted(plan, pick), makeContents(), { upNext: reader(order) });
        assert.equal(snapshot(second), snapshot(first));
      }
    },
  ),

  property(
    'where operations fail and nodes are blocked for a while, nothing is lost and the trees agree afterwards',
    [rawTrees, bits, bits, bits],
    (raw, failures, blocks, order) => {
      const trees = buildTrees(raw);
      const contents = makeContents();
      const lasting = lastingContents(trees, textOf);
      const [fails, blocked, upNext] = [reader(failures), reader(blocks), reader(order)];
      for (let round = 0; round < 3; round++) {
        const waiting = new Set(trees.ids().filter(() => blocked()));
        const plan = planOf(trees, { isBlocked: (node) => waiting.has(node) });
        for (const operation of [...plan.settle, ...plan.up, ...plan.down]) {
          // To forget the base of what is in a folder that stays changes it on neither side.
          if (operation.rule !== 'move-keeps-content')
            assert.ok(!waiting.has(operation.node), `${operation.node} is blocked`);
        }
        applyPlan(trees, plan, contents, { fails, upNext });
        assert.equal(lostContent(trees, textOf, lasting), null);
      }
      finish(trees, contents, { upNext });
      assert.equal(lostContent(trees, textOf, lasting), null);
    },
  ),

  property(
    'where the process dies between an effect and the index, nothing is lost and no temporary name stays',
    [rawTrees, bits, bits],
    (raw, deaths, order) => {
      const trees = buildTrees(raw);
      const contents = makeContents();
      const lasting = lastingContents(trees, textOf);
      const [dies, upNext] = [reader(deaths), reader(order)];
      const given = new Set([...trees.locals(), ...trees.remotes(), ...trees.synceds()].map(({ name }) => name));
      for (let round = 0; round < 4; round++) {
        applyPlan(trees, planOf(trees), contents, { dies, upNext });
        assert.equal(lostContent(trees, contents.of, lasting), null);
        assert.deepEqual(sideFaults(trees), []);
      }
      finish(trees, contents, { upNext });
      assert.equal(lostContent(trees, contents.of, lasting), null);
      for (const { name } of trees.remotes()) assert.ok(!/^\.~[0-9a-f]{8,}~*$/.test(name) || given.has(name), name);
    },
  ),

  property(
    'what is planned around blocked nodes is possible',
    [rawTrees, fc.subarray([...allIds]), bits],
    (raw, blockedIds, order) => {
      const trees = buildTrees(raw);
      const contents = makeContents();
      const blocked = new Set(blockedIds);
      const isBlocked = (node: NodeId): boolean => blocked.has(node);
      for (let round = 0; ; round++) {
        const plan = planOf(trees, { isBlocked });
        if (isEmpty(plan)) break;
        assert.ok(round < maxRounds, `still busy after ${round} rounds`);
        applyPlan(trees, plan, contents, { upNext: reader(order) });
        assert.deepEqual(sideFaults(trees), []);
      }
      finish(trees, contents);
    },
  ),

  property(
    'planned a part at a time, nothing is lost and the trees agree in the end',
    [rawTrees, bits],
    (raw, parts) => {
      const trees = buildTrees(raw);
      const contents = makeContents();
      const lasting = lastingContents(trees, textOf);
      const isIn = reader(parts);
      for (let round = 0; round < 3; round++) {
        const nodes = divergedIn(trees).filter((id) => trees.synced(id) !== null || isIn());
        // A delete that a node left for later contradicts is stale, and whatever waits for it.
        applyPlan(trees, makePlan(trees, nodes, contextOf(trees)), contents, { fails: () => false });
        assert.deepEqual(sideFaults(trees), []);
      }
      finish(trees, contents);
      assert.equal(lostContent(trees, textOf, lasting), null);
    },
  ),

  property('deletes that a person approved go on, whatever the guard says', [rawTrees], (raw) => {
    const trees = buildTrees(raw);
    const strict = { ...calmGuard, maxDeletes: 0, maxShare: 0, syncedCount: 0 };
    const guard = { ...strict, approvedUp: () => true, approvedDown: () => true };
    assert.deepEqual(planOf(trees, { guard }), planOf(trees));
  }),

  property('a guard that allows no delete holds them all, and the rest is possible', [rawTrees], (raw) => {
    const trees = buildTrees(raw);
    const guard = { ...calmGuard, maxDeletes: 0, maxShare: 0 };
    const held = planOf(trees, { guard });
    const free = planOf(trees);
    assert.ok(![...held.up, ...held.down].some(({ type }) => type.endsWith('delete')));
    const deletes = free.down.filter(({ type }) => type === 'down-delete').length;
    const waiting = held.held.find(({ direction }) => direction === 'down')?.operations.length ?? 0;
    assert.ok(waiting >= deletes, `${waiting} held of ${deletes}`);
    applyPlan(trees, held, makeContents());
    assert.deepEqual(sideFaults(trees), []);
  }),

  property(
    'rows that are no trees still give one plan, which deletes nothing without a base',
    [rawWildTrees, numbers],
    (raw, picks) => {
      const trees = buildWildTrees(raw);
      const plan = makePlan(trees, allIds, contextOf(trees));
      assert.deepEqual(makePlan(trees, shuffled(allIds, reader(picks)), contextOf(trees)), plan);
      assertSafe(trees, plan);
    },
  ),
];
