import { expect, test } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import { err } from '../../../src/common/result.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const world = worldOfTests();

test('a file that changes each time it is read is said, waits with back-off, and holds up nothing else', async () => {
  let isRestless = true;
  const disk = (fs: FileSystem): FileSystem => ({
    ...fs,
    readFiles: async (files) => {
      const outcomes = await fs.readFiles(files);
      return outcomes.map((each, at) => (isRestless && files[at]?.path === 'log' ? err(diskError('changed')) : each));
    },
  });
  await withDevices(world, [{ disk }], async (a, b) => {
    a.files.write('log', 'never still');
    a.files.write('other', 'still');

    const result = await a.sync();
    expect(result).toMatchObject({ isConverged: false, filesUp: 1, issues: 1 });
    const [issue] = await a.now.pair.issues();
    expect(issue).toMatchObject({ kind: 'file-blocked', path: 'log', choices: ['retry'] });
    expect(issue?.message).toMatch(/changed each time/);
    expect(a.now.pair.status().state).toBe('needs-attention');

    isRestless = false;
    await a.now.pair.resolve(String(issue?.id), 'retry');
    expect(await a.sync()).toMatchObject({ isConverged: true, issues: 0 });
    expect(await issuesOf(a)).toEqual({});
    await b.sync();
    await expectOracles([a, b]);
  });
});

test('an exchange of names that cannot be done here is said, waits with back-off, and is done once it can be', async () => {
  let isStuck = true;
  const disk = (fs: FileSystem): FileSystem => ({
    ...fs,
    move: async (from, to, expected) => {
      if (isStuck) throw diskError('changed');
      return fs.move(from, to, expected);
    },
  });
  await withDevices(world, [{}, { disk }], async (a, b) => {
    a.files.write('one', 'of one');
    a.files.write('two', 'of two');
    await a.sync();
    await b.sync();
    a.files.mv('one', 'between');
    a.files.mv('two', 'one');
    a.files.mv('between', 'two');
    await a.sync();

    expect(await b.sync()).toMatchObject({ isConverged: false });
    expect(b.now.pair.status().state).toBe('needs-attention');
    expect(Object.keys(await issuesOf(b)).join()).toMatch(/one|two/);
    expect(b.files.read('one')).toBe('of one');
    expect(b.files.read('two')).toBe('of two');

    isStuck = false;
    for (const { id } of await b.now.pair.issues()) await b.now.pair.resolve(id, 'retry');
    expect(await b.sync()).toMatchObject({ isConverged: true, issues: 0 });
    expect(b.files.read('one')).toBe('of two');
    await expectOracles([a, b]);
  });
});
