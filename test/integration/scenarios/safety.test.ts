import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../helpers/eventually.ts';
import type { DeviceSetup, ScenarioDevice } from '../../helpers/scenario-device.ts';
import { trashedContents } from '../../helpers/scenario-files.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { inStep, issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const world = worldOfTests();

const on =
  (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>, setups: readonly DeviceSetup[] = []) =>
  (): Promise<void> =>
    withDevices(world, setups, body);

/** The one issue that asks about deletes. */
async function heldIssue(device: ScenarioDevice): Promise<string> {
  const issues = await device.now.pair.issues();
  expect(issues.map(({ kind }) => kind)).toEqual(['held-deletes']);
  expect(issues[0]?.choices).toEqual(['allow', 'restore']);
  expect(device.now.pair.status().state).toBe('needs-attention');
  return String(issues[0]?.id);
}

function fill(device: ScenarioDevice, count: number): void {
  for (let i = 0; i < count; i++) device.files.write(`d${i % 5}/${i}`, `content ${i}`);
}

const clear = (device: ScenarioDevice): void => {
  for (let i = 0; i < 5; i++) device.files.rm(`d${i}`);
};

describe.concurrent('20 Safety gates', () => {
  test(
    'SAF-01 a folder emptied here: the person is asked before anything goes elsewhere',
    on(async (a, b) => {
      fill(a, 60);
      await inStep(a, b);
      clear(a);
      expect(await a.sync()).toMatchObject({ held: 65 });
      await heldIssue(a);
      await b.sync();
      expect(Object.keys(b.files.tree())).toHaveLength(65);
      await a.now.pair.resolve(await heldIssue(a), 'restore');
      await inStep(a, b);
      expect(Object.keys(a.files.tree())).toHaveLength(65);
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-02 the vault emptied by another device: the person is asked here too, and what goes is in the trash',
    on(async (a, b) => {
      fill(a, 60);
      await inStep(a, b);
      clear(a);
      await a.sync();
      await a.now.pair.resolve(await heldIssue(a), 'allow');
      await a.sync();
      expect(a.files.tree()).toEqual({});
      b.files.write('d0/new', 'made here');
      b.files.write('d1/1', 'edited here');
      expect(await b.sync()).toMatchObject({ held: expect.any(Number) });
      const issue = await heldIssue(b);
      expect(b.files.read('d2/2')).toBe('content 2');
      // Asked again after a restart, and meanwhile the rest goes on.
      await b.close();
      await b.open();
      await b.sync();
      expect(await heldIssue(b)).toBe(issue);
      await a.sync();
      expect(a.files.read('d1/1')).toBe('edited here');
      await b.now.pair.resolve(issue, 'allow');
      await inStep(b, a);
      expect(b.files.tree()).toEqual({ 'd0/': '', 'd0/new': 'made here', 'd1/': '', 'd1/1': 'edited here' });
      expect(trashedContents(b.files.root)).toContain('content 2');
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-02 likewise, taken back: all of it is on both again',
    on(async (a, b) => {
      fill(a, 60);
      await inStep(a, b);
      const full = a.files.tree();
      clear(a);
      await a.sync();
      await a.now.pair.resolve(await heldIssue(a), 'allow');
      await a.sync();
      await b.sync();
      await b.now.pair.resolve(await heldIssue(b), 'restore');
      await inStep(b, a);
      expect(b.files.tree()).toEqual(full);
      expect(a.files.tree()).toEqual(full);
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-05 the only file renamed, and the only file deleted, ask nobody',
    on(async (a, b) => {
      a.files.write('f', '1');
      await inStep(a, b);
      a.files.mv('f', 'g');
      expect(await a.sync()).toMatchObject({ held: 0, isConverged: true });
      expect(await b.sync()).toMatchObject({ held: 0, isConverged: true });
      expect(b.files.tree()).toEqual({ g: '1' });
      b.files.rm('g');
      expect(await b.sync()).toMatchObject({ held: 0, isConverged: true });
      expect(await a.sync()).toMatchObject({ held: 0, isConverged: true });
      expect(a.files.tree()).toEqual({});
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-06 the whole tree moved into a new folder asks nobody, and sends nothing',
    on(async (a, b) => {
      fill(a, 120);
      await inStep(a, b);
      a.now.faults.resetCalls();
      for (let i = 0; i < 5; i++) a.files.mv(`d${i}`, `all/d${i}`);
      expect(await a.sync()).toMatchObject({ held: 0, isConverged: true });
      expect(a.now.faults.objectBytes).toBe(0);
      expect(await b.sync()).toMatchObject({ held: 0, isConverged: true, filesDown: 0 });
      expect(Object.keys(b.files.tree())).toHaveLength(126);
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-08 held as long as nobody answers; then done, and only what the person saw',
    on(async (a, b) => {
      fill(a, 60);
      await inStep(a, b);
      clear(a);
      for (let i = 0; i < 5; i++) {
        expect(await a.sync()).toMatchObject({ held: 65 });
        await b.sync();
        expect(Object.keys(b.files.tree())).toHaveLength(65);
      }
      await a.now.pair.resolve(await heldIssue(a), 'allow');
      await a.sync();
      await b.sync();
      await b.now.pair.resolve(await heldIssue(b), 'allow');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({});
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-08 an answer for some deletes is none for those that come later',
    on(async (a, b) => {
      fill(a, 60);
      for (let i = 0; i < 60; i++) a.files.write(`later/${i}`, `later ${i}`);
      await inStep(a, b);
      clear(a);
      for (let i = 0; i < 10; i++) a.files.rm(`later/${i}`);
      await a.sync();
      const issue = await heldIssue(a);
      const [asked] = await a.now.pair.issues();
      a.files.rm('later/10');
      await a.sync();
      const late = a.now.pair.resolve(issue, 'allow', { seen: String(asked?.message) });
      await expect(late).rejects.toMatchObject({ kind: 'conflict' });
      a.files.rm('later');
      await a.now.pair.resolve(issue, 'allow');
      await a.sync();
      await b.sync();
      if ((await b.now.pair.issues()).length > 0) {
        await b.now.pair.resolve(await heldIssue(b), 'allow');
        await b.sync();
      }
      // What was seen is gone; those that came later are less than all, or asked for again.
      expect(b.files.has('d0')).toBe(false);
      for (const device of [a, b, a, b]) {
        for (const { id, kind } of await device.now.pair.issues()) {
          if (kind === 'held-deletes') await device.now.pair.resolve(id, 'allow');
        }
        await device.sync();
      }
      await inStep(a, b);
      expect(a.files.tree()).toEqual({});
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-08 what waits for an answer goes on waiting, however much is added meanwhile',
    on(async (a, b) => {
      fill(a, 60);
      await inStep(a, b);
      clear(a);
      expect(await a.sync()).toMatchObject({ held: 65 });
      for (let i = 0; i < 140; i++) a.files.write(`new/${i}`, `new ${i}`);
      for (let i = 0; i < 2; i++) {
        expect(await a.sync()).toMatchObject({ held: 65 });
        await b.sync();
        expect(b.files.read('d2/2')).toBe('content 2');
      }
      // What is deleted after that is another matter.
      a.files.rm('new/1');
      expect(await a.sync()).toMatchObject({ held: 65 });
      await b.sync();
      expect(b.files.has('new/1')).toBe(false);
      await a.now.pair.resolve(await heldIssue(a), 'restore');
      await inStep(a, b);
      expect(a.files.read('d2/2')).toBe('content 2');
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-08 an answer holds once: what came back and is deleted again is asked about again',
    on(async (a, b) => {
      fill(a, 60);
      await inStep(a, b);
      for (const device of [a, b]) {
        if (device === a) clear(a);
        await device.sync();
        await device.now.pair.resolve(await heldIssue(device), 'allow');
        await device.sync();
      }
      const [deleted] = await a.now.pair.activity({ limit: 1, before: null });
      await a.now.pair.undo(String(deleted?.batch));
      await inStep(a, b);
      expect(Object.keys(b.files.tree())).toHaveLength(65);
      clear(a);
      expect(await a.sync()).toMatchObject({ held: 65 });
      await a.now.pair.resolve(await heldIssue(a), 'allow');
      await a.sync();
      expect(await b.sync()).toMatchObject({ held: 65 });
      await b.now.pair.resolve(await heldIssue(b), 'restore');
      await inStep(b, a);
      await expectOracles([a, b]);
    }),
  );

  test(
    'SAF-12 never said to be up to date while something is open',
    on(async (a, b) => {
      a.files.write('f', '1');
      await inStep(a, b);
      await Promise.all([a.start(), b.start()]);
      const state = (device: ScenarioDevice): string => device.now.pair.status().state;
      const becomes = (device: ScenarioDevice, wanted: string): Promise<unknown> =>
        eventually(() => state(device) === wanted, {
          what: `${device.name} to be ${wanted}`,
          on: (wake) => device.now.pair.onStatus(wake),
        });
      await becomes(a, 'up-to-date');
      // A skipped link, until the person has taken note of it.
      symlinkSync('f', a.files.at('link'));
      await becomes(a, 'needs-attention');
      const [skipped] = await a.now.pair.issues();
      expect(skipped?.kind).toBe('skipped');
      await a.now.pair.resolve(String(skipped?.id), 'dismiss');
      await becomes(a, 'up-to-date');
      // A special file.
      const socket = createServer();
      await new Promise<void>((resolve) => socket.listen(a.files.at('socket'), resolve));
      await becomes(a, 'needs-attention');
      await new Promise((resolve) => socket.close(resolve));
      rmSync(a.files.at('socket'), { force: true });
      await becomes(a, 'up-to-date');
      // A name that no vault holds.
      mkdirSync(a.files.at('d/.holdfast'), { recursive: true });
      await becomes(a, 'needs-attention');
      rmSync(a.files.at('d'), { recursive: true });
      await becomes(a, 'up-to-date');
      // A change that has not been sent.
      a.now.faults.hold();
      a.files.write('f', '22');
      await eventually(() => state(a) !== 'up-to-date', { what: 'the edit to be seen' });
      for (let i = 0; i < 20; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        expect(state(a)).not.toBe('up-to-date');
      }
      a.now.faults.release();
      await becomes(a, 'up-to-date');
      await eventually(() => b.files.read('f') === '22', { what: 'the edit to arrive' });
      // The person's own pause.
      a.now.pair.pause();
      expect(state(a)).toBe('paused');
      a.now.pair.resume();
      await becomes(a, 'up-to-date');
      rmSync(a.files.at('link'));
      await becomes(a, 'up-to-date');
      await a.now.pair.sync();
      await expectOracles([a, b]);
    }),
  );
});

describe('20 Safety gates, with volumes of their own', () => {
  test('SAF-03 a root whose volume is gone parks the pair: an empty mount point is no empty folder', async (context) => {
    const place = await tempFolder('mount');
    const volume = mountFolder(await tempFolder('volume'), place);
    if (volume === null) return context.skip('no volume can be mounted here');
    try {
      await withDevices(world, [{ folder: place }], async (a, b) => {
        a.files.write('d/x', '1');
        a.files.write('f', '22');
        await inStep(a, b);
        for (const wasRestarted of [false, true]) {
          if (wasRestarted) await a.close();
          volume.unmount();
          if (wasRestarted) await a.open();
          expect(await a.now.pair.sync()).toMatchObject({ isConverged: false, operations: 0 });
          expect(a.now.pair.status().state).toBe('root-missing');
          expect(await issuesOf(a)).toEqual({ root: 'root' });
          await b.sync();
          expect(Object.keys(b.files.tree())).toEqual(['d/', 'd/x', 'f']);
          volume.mount();
          b.files.write('f', `333 ${wasRestarted}`);
          await inStep(b, a);
          expect(a.files.read('f')).toBe(`333 ${wasRestarted}`);
        }
        await expectOracles([a, b]);
        await a.close();
      });
    } finally {
      volume.unmount();
    }
  });

  test('SAF-03 a root that was moved away or deleted parks the pair, and what is made anew at its place is another one', () =>
    withDevices(world, [], async (a, b) => {
      a.files.write('d/x', '1');
      await inStep(a, b);
      const elsewhere = `${a.files.root}-elsewhere`;
      renameSync(a.files.root, elsewhere);
      expect(await a.now.pair.sync()).toMatchObject({ isConverged: false });
      expect(a.now.pair.status().state).toBe('root-missing');
      mkdirSync(a.files.root);
      expect(await a.now.pair.sync()).toMatchObject({ isConverged: false });
      expect(a.now.pair.status().state).toBe('root-missing');
      await b.sync();
      expect(b.files.tree()).toEqual({ 'd/': '', 'd/x': '1' });
      rmSync(a.files.root, { recursive: true });
      renameSync(elsewhere, a.files.root);
      await inStep(a, b);
      expect(a.now.pair.status().state).toBe('up-to-date');
      await expectOracles([a, b]);
    }));
});

/** Mounts `source` at `place`, as a disk is plugged in and out; null, with a loud word, where that is not allowed. */
function mountFolder(source: string, place: string): { mount(): void; unmount(): void } | null {
  let isMounted = false;
  const mount = (): void => {
    execFileSync('mount', ['--bind', source, place], { stdio: 'pipe' });
    isMounted = true;
  };
  try {
    mount();
  } catch {
    process.stderr.write('SKIPPED: nothing can be mounted here, so unplugged disks are not tested (SAF-03)\n');
    return null;
  }
  return {
    mount,
    unmount: () => {
      if (isMounted) execFileSync('umount', [place], { stdio: 'pipe' });
      isMounted = false;
    },
  };
}
