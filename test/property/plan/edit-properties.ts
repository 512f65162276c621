import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { LocalNameRules } from '../../../src/model/local-name-rules.ts';
import { linuxRules, macRules, windowsRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';
import { type Edit, edits, perform, unseenContents } from './edits.ts';
import { type PlanProperty, property } from './property.ts';

export const initial = { 'a/a': '1', 'a/b/c': '2', 'a/b/a.txt': '11', b: '22', 'c/': '', 'c/a/b/c': '333' };

const startWith = (list: readonly Edit[], rules = linuxRules): PlanWorld => {
  const world = makePlanWorld(initial, rules);
  for (const edit of list) perform(world, edit);
  return world;
};

/** A reader of the same bits in the same order for the same case. */
const coin = (bits: readonly boolean[]): (() => boolean) => {
  let at = 0;
  return () => bits[at++ % bits.length] ?? true;
};

const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
const failureBits = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });

export const assertKept = (contents: Iterable<string>, there: Iterable<string>): void => {
  const kept = new Set(there);
  for (const content of contents) assert.ok(kept.has(content), `lost: ${JSON.stringify(content)}`);
};

const convergesOn = (disk: string, rules: LocalNameRules): PlanProperty =>
  property(
    `edits on both sides at once converge on ${disk}: names differ only as far as it demands`,
    [edits(10)],
    (list) => {
      const world = startWith(list, rules);
      const unseen = unseenContents(world);
      world.sync();
      const here = Object.values(world.local.list());
      assert.deepEqual(here.toSorted(), Object.values(world.remote.list()).toSorted());
      assertKept(unseen, here);
    },
  );

/** What holds whatever a person does on both sides of one folder pair. */
export const editProperties: readonly PlanProperty[] = [
  property(
    'edits on both sides at once converge in a few rounds, in any interleaving, and nothing unseen is lost',
    [edits(12), bits],
    (list, order) => {
      const world = startWith(list);
      const unseen = unseenContents(world);
      world.sync({ upNext: coin(order) });
      assert.deepEqual(world.local.list(), world.remote.list());
      assertKept(unseen, Object.values(world.local.list()));
    },
  ),

  property(
    'edits on both sides at once converge and lose nothing where operations fail at any point',
    [edits(10), bits, failureBits],
    (list, order, failures) => {
      const world = startWith(list);
      const unseen = unseenContents(world);
      const fails = coin(failures);
      for (let round = 0; round < 2; round++) world.round({ upNext: coin(order), fails });
      world.sync({ upNext: coin(order) });
      assert.deepEqual(world.local.list(), world.remote.list());
      assertKept(unseen, Object.values(world.local.list()));
    },
  ),

  property(
    'edits on both sides at once converge where the process dies between an effect and the index, and no temporary name stays',
    [edits(10), bits, failureBits],
    (list, order, deaths) => {
      const world = startWith(list);
      const unseen = unseenContents(world);
      const dies = coin(deaths);
      for (let round = 0; round < 4; round++) world.round({ upNext: coin(order), dies });
      world.sync({ upNext: coin(order) });
      assert.deepEqual(world.local.list(), world.remote.list());
      assertKept(unseen, Object.values(world.local.list()));
      for (const path of Object.keys(world.remote.list())) assert.ok(!path.includes('.~'), path);
    },
  ),

  convergesOn('Windows', windowsRules),
  convergesOn('macOS', macRules),
];
