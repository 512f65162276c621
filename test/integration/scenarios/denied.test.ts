import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { inStep, issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { type ScenarioWorld, scenarioWorld } from '../../helpers/scenario-world.ts';

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

let world: ScenarioWorld;
beforeAll(async () => {
  // Permissions do not bind root: all of this file, server and devices, is another person's.
  if (isRoot) {
    process.setegid?.(nobody);
    process.seteuid?.(nobody);
  }
  world = await scenarioWorld();
});
afterAll(async () => {
  await world.close();
  if (isRoot) {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
});

const on = (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>) => () => withDevices(world, [], body);

/** The person asks for another try of all that waits, instead of waiting as well. */
async function retryAll(device: ScenarioDevice): Promise<void> {
  for (const issue of await device.now.pair.issues()) {
    if (issue.choices.includes('retry')) await device.now.pair.resolve(issue.id, 'retry');
  }
}

// One after the other: files that cannot be read while others are looked at.
describe.runIf(process.platform !== 'win32')('8 Permissions, as a person whom they bind', () => {
  for (const mode of [0o000, 0o200, 0o400, 0o600]) {
    test(
      `PRM-05 a folder that cannot be looked into (${mode.toString(8)}) is unknown, not deleted`,
      on(async (a, b) => {
        a.files.write('d/x', '1');
        a.files.write('d/e/y', '22');
        a.files.write('f', '333');
        await inStep(a, b);
        chmodSync(a.files.at('d'), mode);
        try {
          b.files.write('f', '4444');
          await b.sync();
          expect(await a.now.pair.sync()).toMatchObject({ held: 0 });
          await b.sync();
          expect(b.files.tree()).toEqual({ 'd/': '', 'd/x': '1', 'd/e/': '', 'd/e/y': '22', f: '4444' });
          expect(a.files.read('f')).toBe('4444');
          // The mode that lets names be listed makes each of them an issue; the others make one of the folder.
          const shown = Object.entries(await issuesOf(a));
          expect(shown.length).toBeGreaterThan(0);
          for (const [path, kind] of shown) expect([path.split('/')[0], kind]).toEqual(['d', 'file-blocked']);
          expect(a.now.pair.status().state).toBe('needs-attention');
        } finally {
          chmodSync(a.files.at('d'), 0o755);
        }
        await inStep(a, b);
        expect(await issuesOf(a)).toEqual({});
        await expectOracles([a, b]);
      }),
    );
  }

  test(
    'PRM-05 changes elsewhere in a folder that cannot be looked into wait, and arrive',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      a.files.write('d/y', '22');
      await inStep(a, b);
      chmodSync(a.files.at('d'), 0o000);
      try {
        b.files.write('d/x', '4444');
        b.files.rm('d/y');
        b.files.write('d/z', '55555');
        b.files.write('other', '666666');
        await b.sync();
        await a.now.pair.sync();
        expect(a.files.read('other')).toBe('666666');
        expect(a.now.pair.status().state).toBe('needs-attention');
      } finally {
        chmodSync(a.files.at('d'), 0o755);
      }
      expect(a.files.tree()).toMatchObject({ 'd/x': '1', 'd/y': '22' });
      await retryAll(a);
      await inStep(a, b);
      expect(a.files.tree()).toEqual({ 'd/': '', 'd/x': '4444', 'd/z': '55555', other: '666666' });
      await expectOracles([a, b]);
    }),
  );

  test(
    'PRM-05 the whole folder deleted elsewhere while it cannot be looked into',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      a.files.write('other', '22');
      await inStep(a, b);
      chmodSync(a.files.at('d'), 0o000);
      try {
        b.files.rm('d');
        await b.sync();
        await a.now.pair.sync();
        expect(a.now.pair.status().state).toBe('needs-attention');
      } finally {
        chmodSync(a.files.at('d'), 0o755);
      }
      expect(a.files.read('d/x')).toBe('1');
      await retryAll(a);
      await inStep(a, b);
      expect(a.files.tree()).toEqual({ other: '22' });
      await expectOracles([a, b]);
    }),
  );

  test(
    'PRM-06 a folder that cannot be written to: an issue there, the rest goes on, and after a chmod all of it',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      a.files.write('d/gone', '22');
      a.files.write('d/moved', '333');
      await inStep(a, b);
      chmodSync(b.files.at('d'), 0o555);
      try {
        a.files.write('d/n', '4444');
        a.files.write('d/x', '55555');
        a.files.rm('d/gone');
        a.files.mv('d/moved', 'moved');
        a.files.write('d/e/deep', '7777777');
        a.files.write('other', '88888888');
        await a.sync();
        await b.sync();
        expect(b.files.read('other')).toBe('88888888');
        expect(b.files.tree()).toMatchObject({ 'd/x': '1', 'd/gone': '22', 'd/moved': '333' });
        expect(Object.values(await issuesOf(b))).toContain('file-blocked');
        expect(b.now.pair.status().state).toBe('needs-attention');
        // Waiting is no work: the same again neither changes anything nor sends anything.
        const before = b.files.tree();
        b.now.faults.resetCalls();
        await b.sync();
        expect(b.files.tree()).toEqual(before);
        expect(b.now.faults.calls.filter((call) => call !== 'getLog' && call !== 'getChain')).toEqual([]);
      } finally {
        chmodSync(b.files.at('d'), 0o755);
      }
      await retryAll(b);
      await inStep(a, b);
      expect(await issuesOf(b)).toEqual({});
      await expectOracles([a, b]);
    }),
  );

  test(
    'a file that cannot be read is an issue of its own, and goes up when it can',
    on(async (a, b) => {
      a.files.write('f', '1');
      a.files.write('old', '22');
      await inStep(a, b);
      a.files.write('secret', '333');
      a.files.write('old', '4444');
      chmodSync(a.files.at('secret'), 0);
      chmodSync(a.files.at('old'), 0);
      a.files.write('f', '55555');
      await a.now.pair.sync();
      await b.sync();
      expect(b.files.tree()).toEqual({ f: '55555', old: '22' });
      expect(await issuesOf(a)).toEqual({ secret: 'file-blocked', old: 'file-blocked' });
      chmodSync(a.files.at('secret'), 0o644);
      chmodSync(a.files.at('old'), 0o644);
      await retryAll(a);
      await inStep(a, b);
      expect(b.files.tree()).toEqual({ f: '55555', secret: '333', old: '4444' });
      await expectOracles([a, b]);
    }),
  );

  test(
    'a root that cannot be read parks the pair',
    on(async (a, b) => {
      a.files.write('d/x', '1');
      await inStep(a, b);
      chmodSync(a.files.root, 0);
      try {
        expect(await a.now.pair.sync()).toMatchObject({ isConverged: false });
        expect(a.now.pair.status().state).toBe('root-missing');
        await b.sync();
        expect(b.files.tree()).toEqual({ 'd/': '', 'd/x': '1' });
      } finally {
        chmodSync(a.files.root, 0o700);
      }
      await inStep(a, b);
      expect(a.now.pair.status().state).toBe('up-to-date');
      await expectOracles([a, b]);
    }),
  );
});
