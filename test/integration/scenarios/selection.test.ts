import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import { must } from '../../../src/common/errors.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { trashedContents } from '../../helpers/scenario-files.ts';
import { expectOracles, expectSound } from '../../helpers/scenario-oracles.ts';
import { inStep, issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const world = worldOfTests();

const on = (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>) => () => withDevices(world, [], body);

const big = (device: ScenarioDevice): void => {
  device.files.write('big/f', '1');
  device.files.write('big/sub/g', '22');
  device.files.write('keep', '333');
};
const whole = { 'big/': '', 'big/f': '1', 'big/sub/': '', 'big/sub/g': '22', keep: '333' };
/** `b` deselects the folder when it has not sent all of it: what was edited there stays. */
async function leaveEdited(a: ScenarioDevice, b: ScenarioDevice): Promise<void> {
  big(a);
  await inStep(a, b);
  await b.close();
  b.files.write('big/f', 'edited here');
  await b.open();
  await b.now.pair.setSelected('big', false);
}
const paths = async (device: ScenarioDevice): Promise<string[]> =>
  (await device.now.pair.deselected()).map(({ path }) => path).sort();

describe.concurrent('6 Selective sync', () => {
  for (const isSwapped of [false, true]) {
    const swapped = (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>) =>
      on((a, b) => (isSwapped ? body(b, a) : body(a, b)));
    const how = isSwapped ? ' (devices exchanged)' : '';

    test(
      `IGN-14 a deselected folder leaves this device only${how}`,
      swapped(async (a, b) => {
        big(a);
        await inStep(a, b);
        await b.now.pair.setSelected('big', false);
        expect(b.files.tree()).toEqual({ keep: '333' });
        // It is gone to make room: not into the trash.
        expect([...trashedContents(b.files.root)]).toEqual([]);
        await inStep(b, a);
        expect(a.files.tree()).toEqual(whole);
        expect(Object.keys(await a.vaultTree()).sort()).toEqual(Object.keys(whole).sort());
        expect(b.now.pair.status()).toMatchObject({ state: 'up-to-date', issues: 0 });
        expect(await issuesOf(b)).toEqual({});
        expect(await paths(b)).toEqual(['big']);
        expect((await b.now.pair.why('big/f')).rule).toMatch(/not selected/);
        await expectSound([a, b]);
        expect(b.files.tree()).toEqual({ keep: '333' });
      }),
    );

    test(
      `IGN-15 an edit that was not sent when its folder was deselected stays here, unsent, and is said${how}`,
      swapped(async (a, b) => {
        big(a);
        await inStep(a, b);
        await b.close();
        b.files.write('big/f', 'edited here');
        b.files.write('big/new', 'never sent');
        await b.open();
        await b.now.pair.setSelected('big', false);
        expect(b.files.tree()).toEqual({ keep: '333', 'big/': '', 'big/f': 'edited here', 'big/new': 'never sent' });
        await b.sync();
        await inStep(a);
        expect(a.files.tree()).toEqual(whole);
        expect(Object.keys(await issuesOf(b))).toEqual(['big']);
        expect(b.now.pair.status().state).toBe('needs-attention');
        // Selected again, they go up on top of what they were made from.
        await b.now.pair.setSelected('big', true);
        await inStep(b, a, b);
        expect(a.files.tree()).toEqual({ ...whole, 'big/f': 'edited here', 'big/new': 'never sent' });
        expect(await issuesOf(b)).toEqual({});
        await expectOracles([a, b]);
      }),
    );

    test(
      `IGN-17 selected again, the whole subtree arrives, as it is by then${how}`,
      swapped(async (a, b) => {
        big(a);
        await inStep(a, b);
        await b.now.pair.setSelected('big', false);
        a.files.write('big/f', 'newer');
        a.files.rm('big/sub');
        a.files.write('big/more/h', '4444');
        await inStep(a, b);
        expect(b.files.tree()).toEqual({ keep: '333' });
        await b.now.pair.setSelected('big', true);
        await inStep(b);
        expect(b.files.tree()).toEqual({
          'big/': '',
          'big/f': 'newer',
          'big/more/': '',
          'big/more/h': '4444',
          keep: '333',
        });
        expect(await paths(b)).toEqual([]);
        await expectOracles([a, b]);
      }),
    );
  }

  test(
    'what is deselected before the first sync is never fetched',
    on(async (a, b) => {
      big(a);
      await inStep(a);
      b.now.pair.pause();
      await b.now.pair.setSelected('big', false);
      b.now.pair.resume();
      b.now.faults.resetCalls();
      await inStep(b);
      expect(b.files.tree()).toEqual({ keep: '333' });
      await expectSound([a, b]);
    }),
  );

  test(
    'what stays of a folder that is renamed elsewhere is told by both names, and what is put under the new one is said to wait',
    on(async (a, b) => {
      await leaveEdited(a, b);
      a.files.mv('big', 'huge');
      await inStep(a);
      b.files.write('huge/own', 'of b');
      await inStep(b);
      const [issue] = await b.now.pair.issues();
      expect(issue?.message).toMatch(/^big is not selected .* select huge again\.$/);
      expect((await b.now.pair.why('huge/own')).rule).toMatch(/^It waits .* See the issues\.$/);
      expect((await b.now.pair.why('huge/sub')).rule).toMatch(/not selected/);
      await b.now.pair.setSelected('huge', true);
      await inStep(b, a, b);
      expect(Object.values(a.files.tree())).toEqual(expect.arrayContaining(['edited here', 'of b']));
      await expectOracles([a, b]);
    }),
  );

  test(
    'it follows the folder, whatever another device calls it and wherever it moves it',
    on(async (a, b) => {
      big(a);
      await inStep(a, b);
      await b.now.pair.setSelected('big', false);
      a.files.write('place/x', '4');
      a.files.mv('big', 'place/huge');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({ keep: '333', 'place/': '', 'place/x': '4' });
      expect(await paths(b)).toEqual(['place/huge']);
      // The name is free for something else.
      b.files.write('big/own', 'of b');
      await inStep(b, a);
      expect(a.files.read('big/own')).toBe('of b');
      await expectSound([a, b]);
    }),
  );

  test(
    'what another device moves into it goes from here, with what is in it; what it moves out arrives',
    on(async (a, b) => {
      big(a);
      a.files.write('d/e/x', 'x1');
      a.files.write('loose', 'loose one');
      await inStep(a, b);
      await b.now.pair.setSelected('big', false);
      a.files.mv('d', 'big/d');
      a.files.mv('loose', 'big/loose');
      a.files.mv('big/sub', 'sub');
      await inStep(a, b);
      expect(b.files.tree()).toEqual({ keep: '333', 'sub/': '', 'sub/g': '22' });
      await inStep(a);
      expect(a.files.tree()).toEqual({
        'big/': '',
        'big/f': '1',
        'big/d/': '',
        'big/d/e/': '',
        'big/d/e/x': 'x1',
        'big/loose': 'loose one',
        'sub/': '',
        'sub/g': '22',
        keep: '333',
      });
      await expectSound([a, b]);
      await b.now.pair.setSelected('big', true);
      await inStep(b);
      await expectOracles([a, b]);
    }),
  );

  test(
    'an edit here of what is moved into it goes up first',
    on(async (a, b) => {
      big(a);
      a.files.write('loose', 'loose one');
      await inStep(a, b);
      await b.now.pair.setSelected('big', false);
      a.files.mv('loose', 'big/loose');
      await inStep(a);
      b.files.write('loose', 'edited by b');
      await inStep(b, a, b);
      expect(a.files.tree()).toMatchObject({ 'big/loose': 'edited by b' });
      expect(b.files.tree()).toEqual({ keep: '333' });
      await b.now.pair.setSelected('big', true);
      await inStep(b, a);
      await expectOracles([a, b]);
    }),
  );

  test(
    'what a person removes from it meanwhile is no deletion',
    on(async (a, b) => {
      await leaveEdited(a, b);
      b.files.rm('big');
      await b.now.pair.setSelected('big', true);
      await inStep(b, a);
      expect(a.files.tree()).toEqual(whole);
      await expectOracles([a, b]);
    }),
  );

  test(
    'a pair that is paused does what a person chooses, and what they remove meanwhile is no deletion either',
    on(async (a, b) => {
      big(a);
      await inStep(a, b);
      b.now.pair.pause();
      await b.now.pair.setSelected('big', false);
      expect(b.files.tree()).toEqual({ keep: '333' });
      expect(await issuesOf(b)).toEqual({});
      b.now.pair.resume();
      await b.now.pair.setSelected('big', true);
      await inStep(b);
      b.files.write('big/f', 'edited here');
      await b.now.pair.setSelected('big', false);
      b.now.pair.pause();
      b.files.rm('big');
      await b.now.pair.setSelected('big', true);
      b.now.pair.resume();
      await inStep(b, a);
      expect(a.files.tree()).toEqual(whole);
      await expectOracles([a, b]);
    }),
  );

  test(
    'something of the person’s at its place is left alone, and said until it goes',
    on(async (a, b) => {
      big(a);
      await inStep(a, b);
      await b.now.pair.setSelected('big', false);
      mkdirSync(b.files.at('big'));
      writeFileSync(b.files.at('big/f'), 'mine');
      await b.sync();
      expect(await issuesOf(b)).toEqual({ big: 'skipped' });
      await inStep(a);
      expect(a.files.tree()).toEqual(whole);
      b.files.mv('big', 'mine');
      await inStep(b);
      expect(await issuesOf(b)).toEqual({});
      // Deleted by another device it is deselected no more in any list, and nothing remains of it.
      a.files.rm('big');
      await inStep(a, b);
      expect(await paths(b)).toEqual([]);
      expect(b.files.tree()).toEqual({ keep: '333', 'mine/': '', 'mine/f': 'mine' });
      await expectOracles([a, b]);
    }),
  );

  test(
    'it stays so when the index is lost, and when the process dies in the middle of it',
    on(async (a, b) => {
      big(a);
      for (let i = 0; i < 20; i++) a.files.write(`big/many/${i}`, `content ${i}`);
      await inStep(a, b);
      await b.now.pair.setSelected('keep', false);
      await b.loseIndex();
      await b.open();
      await inStep(b);
      expect(b.files.tree()['keep']).toBeUndefined();
      const dying = b.now.pair.setSelected('big', false);
      await b.kill();
      dying.catch(() => undefined);
      await b.open();
      await b.now.pair.setSelected('big', false);
      await inStep(b, a);
      expect(b.files.tree()).toEqual({});
      expect(a.files.tree()).toMatchObject(whole);
      await b.now.pair.setSelected('big', true);
      await b.now.pair.setSelected('keep', true);
      await inStep(b);
      await expectOracles([a, b]);
    }),
  );

  test('a disk that goes while something that was moved into it is taken off deletes nothing elsewhere', () => {
    let isGoing = false;
    const disk = (fs: FileSystem): FileSystem => ({
      ...fs,
      removeFolder: async (path) => {
        if (isGoing) throw diskError('root-gone', path);
        return fs.removeFolder(path);
      },
    });
    return withDevices(world, [{}, { disk }], async (a, b) => {
      big(a);
      a.files.write('d/e/x', 'x1');
      a.files.write('d/e/y', 'y1');
      await inStep(a, b);
      await b.now.pair.setSelected('big', false);
      a.files.mv('d', 'big/d');
      await inStep(a);
      isGoing = true;
      await b.sync();
      expect(b.files.tree()).toEqual({ keep: '333', 'd/': '', 'd/e/': '' });
      isGoing = false;
      await inStep(b);
      await b.now.pair.setSelected('big', true);
      await inStep(b, a);
      expect(a.files.tree()).toEqual({ ...whole, 'big/d/': '', 'big/d/e/': '', 'big/d/e/x': 'x1', 'big/d/e/y': 'y1' });
      await expectOracles([a, b]);
    });
  });

  test(
    'nothing is taken off while the vault is stopped for security: it may not be there any more',
    on(async (a, b) => {
      big(a);
      await inStep(a, b);
      const frozen = { code: 'E_ROLLBACK', message: 'An older state.', seq: null, device: null, atUs: 0 };
      b.now.index.transaction((write) => {
        const state = JSON.parse(new TextDecoder().decode(must(b.now.index.read.vaultState())));
        write.setVaultState(new TextEncoder().encode(JSON.stringify({ ...state, frozen })));
      });
      await b.close();
      await b.open();
      await expect(b.now.pair.setSelected('big', false)).rejects.toMatchObject({ security: 'E_ROLLBACK' });
      expect(b.files.tree()).toEqual(whole);
      expect(await paths(b)).toEqual([]);
    }),
  );

  test(
    'says what cannot be: the whole folder, something unknown, a part of what is deselected',
    on(async (a, b) => {
      big(a);
      await inStep(a, b);
      await expect(b.now.pair.setSelected('', false)).rejects.toMatchObject({ kind: 'usage' });
      await expect(b.now.pair.setSelected('nothing', false)).rejects.toMatchObject({ kind: 'missing' });
      await b.now.pair.setSelected('big/sub', false);
      await b.now.pair.setSelected('big', false);
      expect(await paths(b)).toEqual(['big']);
      await expect(b.now.pair.setSelected('big/sub', true)).rejects.toMatchObject({ kind: 'usage' });
      await b.now.pair.setSelected('big/sub', false);
      await b.now.pair.setSelected('keep', true);
      expect(await paths(b)).toEqual(['big']);
    }),
  );
});
