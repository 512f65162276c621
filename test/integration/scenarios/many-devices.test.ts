import { cpSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LocalNameRules } from '../../../src/model/local-name-rules.ts';
import { foldingDisk } from '../../fakes/folding-disk.ts';
import { macRules, windowsRules } from '../../fakes/memory-trees.ts';
import { manyDevices, settleAll } from '../../helpers/many-devices.ts';
import { type DeviceSetup, type ScenarioDevice, scenarioDevice } from '../../helpers/scenario-device.ts';
import { withoutMarks } from '../../helpers/scenario-files.ts';
import { expectOracles, expectSound } from '../../helpers/scenario-oracles.ts';
import { scenarioWorld } from '../../helpers/scenario-world.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const world = worldOfTests(3);

type Three = readonly [ScenarioDevice, ScenarioDevice, ScenarioDevice];

const on =
  (body: (...devices: Three) => Promise<void>, setups: readonly DeviceSetup[] = []) =>
  async (): Promise<void> => {
    const [a, b, c] = await world.pairs(setups);
    if (c === undefined) throw new Error('rows need three devices');
    try {
      for (const device of [a, b, c]) await device.open();
      await body(a, b, c);
    } finally {
      for (const device of [a, b, c]) await device.close();
    }
  };

/** Who comes up in which order: each of three first, last and in between. */
const orders = [
  [0, 1, 2],
  [2, 0, 1],
  [1, 2, 0],
] as const;

describe.concurrent('17 Three and more devices', () => {
  for (const order of orders) {
    const inOrder = (devices: Three): ScenarioDevice[] => order.map((i) => devices[i]);
    const name = order.map((i) => 'ABC'[i]).join(', then ');

    test(
      `MUL-02 three edits of one base: the first one keeps the name, the others are copies, three on all (${name})`,
      on(async (...devices) => {
        const [a] = devices;
        a.files.write('f', 'base');
        await settleAll(devices);
        for (const [i, device] of devices.entries()) device.files.write('f', `edit ${'x'.repeat(i)}`);
        await settleAll(inOrder(devices));
        const tree = withoutMarks(a.files.tree());
        expect(Object.keys(tree).sort()).toEqual(['cc(f)', 'cc2(f)', 'f']);
        expect(tree['f']).toBe(`edit ${'x'.repeat(order[0])}`);
        expect(Object.values(tree).sort()).toEqual(['edit ', 'edit x', 'edit xx']);
        await expectOracles(devices);
      }),
    );

    test(
      `MUL-03 renamed, edited and deleted: the edit is there under the new name (${name})`,
      on(async (...devices) => {
        const [a, b, c] = devices;
        a.files.write('f', '1');
        await settleAll(devices);
        a.files.mv('f', 'g');
        b.files.write('f', 'BB');
        c.files.rm('f');
        await settleAll(inOrder(devices));
        const tree = a.files.tree();
        expect(Object.values(tree)).toEqual(['BB']);
        // The delete that comes first ends the name, not the edit; a rename that nobody saw deleted holds.
        expect(Object.keys(tree)).toEqual([order[0] === 1 && order[1] === 2 ? expect.stringMatching(/^[fg]$/) : 'g']);
        await expectOracles(devices);
      }),
    );

    test(
      `MUL-05 equal edits are one file, and beside another one a copy for each device that made it (${name})`,
      on(async (...devices) => {
        const [a, b, c] = devices;
        a.files.write('f', 'base');
        await settleAll(devices);
        // B and C hold the same edit, A another one.
        a.files.write('f', 'one');
        b.files.write('f', 'other');
        c.files.write('f', 'other');
        await settleAll(inOrder(devices));
        const tree = withoutMarks(a.files.tree());
        const isOneFirst = order[0] === 0;
        expect(tree['f']).toBe(isOneFirst ? 'one' : 'other');
        expect(Object.keys(tree).sort()).toEqual(isOneFirst ? ['cc(f)', 'cc2(f)', 'f'] : ['cc(f)', 'f']);
        await expectOracles(devices);
      }),
    );
  }

  test(
    'MUL-06 a device that was off while very much happened: what is gone stays gone, what it did is kept',
    on(async (a, b, c) => {
      for (let i = 0; i < 30; i++) a.files.write(`d${i % 3}/f${i}`, `${i}`);
      await settleAll([a, b, c]);
      await c.close();
      for (let round = 0; round < 6; round++) {
        a.files.write('d0/often', `round ${round} ${'x'.repeat(round)}`);
        b.files.write(`new${round}`, `by b ${round}`);
        if (round === 1) a.files.rm('d1');
        if (round === 2) a.files.mv('d2', 'd9');
        if (round === 3) b.files.rm('d0/f0');
        if (round === 4) a.now.index.transaction((write) => write.setMeta('checkpointSeq', -5000));
        await settleAll([a, b]);
      }
      c.files.write('d0/f3', 'edited while off');
      c.files.write('d1/f1', 'edited while off, deleted elsewhere');
      c.files.write('d2/added', 'added while off');
      c.files.rm('d0/f6');
      await settleAll([c, a, b]);
      const tree = c.files.tree();
      expect(tree).toMatchObject({
        'd0/f3': 'edited while off',
        'd0/often': `round 5 ${'x'.repeat(5)}`,
        'd1/f1': 'edited while off, deleted elsewhere',
        'd9/added': 'added while off',
        new5: 'by b 5',
      });
      for (const gone of ['d0/f0', 'd0/f6', 'd1/f4', 'd2/f2']) expect(tree[gone], gone).toBeUndefined();
      await expectOracles([a, b, c]);
    }),
  );

  test(
    'MUL-06 likewise with an index that is lost: it starts from the newest checkpoint, and nothing comes back from the dead',
    on(async (a, b, c) => {
      for (let i = 0; i < 12; i++) a.files.write(`d/f${i}`, `${i}`);
      await settleAll([a, b, c]);
      await c.loseIndex();
      a.files.write('d/f1', 'edited');
      a.now.index.transaction((write) => write.setMeta('checkpointSeq', -5000));
      await settleAll([a, b]);
      await settleAll([c, a, b]);
      // Without a base the older content stays beside the newer one: it could be an edit of this device.
      const tree = withoutMarks(c.files.tree());
      expect(tree).toMatchObject({ 'd/f1': 'edited', 'd/f0': '0' });
      expect(Object.keys(tree).length).toBeLessThanOrEqual(14);
      await expectOracles([a, b, c]);
    }),
  );

  test(
    'MUL-08 a disk that was copied: two computers as one device lose nothing and come to the same',
    on(async (a, b) => {
      a.files.write('d/f', '1');
      a.files.write('g', '1');
      await settleAll([a, b]);
      await b.close();
      const folder = join(await tempFolder('copy'), 'folder');
      cpSync(b.files.root, folder, { recursive: true, preserveTimestamps: true });
      const copy = await scenarioDevice(b.name, b.session, b.vault, {
        folder,
        copyOf: { pair: b.pair, index: b.indexFile },
      });
      try {
        b.files.write('d/f', 'by the one');
        copy.files.write('d/f', 'by the other one');
        copy.files.write('new', 'by the other one');
        b.files.rm('g');
        await settleUnlessParked([b, copy, a]);
        const tree = withoutMarks(a.files.tree());
        expect(Object.values(tree)).toEqual(expect.arrayContaining(['by the one']));
        expect(b.files.tree()).toEqual(a.files.tree());
        // The copy's folder is another one than the index knows: it says so, changes nothing, and holds what was edited.
        expect(copy.files.read('d/f')).toBe('by the other one');
        expect(copy.now.pair.status().state).toBe('root-missing');
        await expectOracles([a, b]);
      } finally {
        await copy.close();
      }
    }),
  );

  test(
    'MUL-08 copied to the bit, so that nothing tells the two apart: both work as one device, and nothing is lost',
    on(async (a, b) => {
      a.files.write('d/f', '1');
      a.files.write('g', '1');
      await settleAll([a, b]);
      await b.close();
      const folder = join(await tempFolder('copy'), 'folder');
      cpSync(b.files.root, folder, { recursive: true, preserveTimestamps: true });
      const copy = await scenarioDevice(b.name, b.session, b.vault, {
        folder,
        copyOf: { pair: b.pair, index: b.indexFile },
      });
      try {
        await copy.open();
        // A disk that was copied to the bit has the same numbers for everything; here the root's are put right by hand.
        const { dev, ino } = statSync(folder);
        copy.now.index.transaction((write) => write.setMeta('root', { pairId: b.pair, dev, ino }));
        b.files.write('d/f', 'by the one');
        copy.files.write('d/f', 'by the other one');
        copy.files.write('new', 'by the other one');
        b.files.rm('g');
        await settleAll([b, copy, a]);
        expect(withoutMarks(a.files.tree())).toEqual({
          'd/': '',
          'd/f': 'by the one',
          'd/cc(f)': 'by the other one',
          new: 'by the other one',
        });
        await expectOracles([a, b, copy]);
      } finally {
        await copy.close();
      }
    }),
  );

  const system = (rules: LocalNameRules): DeviceSetup => ({
    disk: (disk) => foldingDisk(disk, rules),
    traits: (found) => ({ ...found, nameRules: rules }),
  });
  test(
    'MUL-11 Linux, a disk that ignores case, and Windows: each holds all, under names that it can hold',
    on(
      async (a, b, c) => {
        for (const [i, name] of ['Readme', 'README', 'a:b', 'end.', 'con', 'plain'].entries()) {
          a.files.write(name, `${i}`);
        }
        await settleAll([a, b, c]);
        const contents = (device: ScenarioDevice): string[] => Object.values(device.files.tree()).sort();
        for (const device of [b, c]) expect(contents(device)).toEqual(contents(a));
        expect(Object.keys(c.files.tree()).filter((path) => /[:]|\.$|^con$/i.test(path))).toEqual([]);
        b.files.write('plain', 'edited there');
        c.files.write('from windows', 'new');
        await settleAll([b, c, a]);
        expect(a.files.tree()).toMatchObject({ plain: 'edited there', 'a:b': '2', 'from windows': 'new' });
        await expectSound([a, b, c]);
      },
      [{}, system(macRules), system(windowsRules)],
    ),
  );
});

/** A device whose root is not its own never converges; the others do. */
async function settleUnlessParked(devices: readonly ScenarioDevice[]): Promise<void> {
  for (let round = 0; round < 5; round++) for (const device of devices) await device.sync();
}

describe('17 Three and more devices, all at work', () => {
  test('MUL-09 five devices for a few seconds (`npm run many` for ten of them and ten minutes)', async () => {
    const many = await scenarioWorld(5);
    try {
      await manyDevices(many, Number(process.env['HOLDFAST_SEED'] ?? 1), 4000);
      expect(await many.leaks()).toEqual([]);
    } finally {
      await many.close();
    }
  });
});
