import { describe, expect, test } from 'vitest';
import { onlooker } from '../../editors/onlooker.ts';
import { prepare, replay } from '../../editors/replay-trace.ts';
import { readTraces, type Trace } from '../../editors/trace.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { plantedContent, readTreeOf, type Tree } from '../../helpers/scenario-files.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { withDevices } from '../../helpers/scenario-steps.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

/** Longer than a small file has to be left alone, so that each moment between two steps is looked at. */
const slowly = { leastGap: 40 };
const traces = readTraces();

const world = worldOfTests();

/** What the program leaves when nobody else is there. */
async function endOf(trace: Trace): Promise<Tree> {
  const folder = await tempFolder('trace');
  prepare(trace, folder, plantedContent);
  await replay(trace, folder, plantedContent, 'none');
  return readTreeOf(folder);
}

const versionsOf = async (device: ScenarioDevice, path: string): Promise<number> =>
  (await device.now.pair.versions(path)).length;

async function run(trace: Trace, pace: Parameters<typeof replay>[3], a: ScenarioDevice, b: ScenarioDevice) {
  const files = Object.keys(trace.before);
  prepare(trace, a.files.root, plantedContent);
  await a.start();
  await b.start();
  await eventually(() => files.every((path) => b.files.has(path)), { what: 'the files on both' });
  await a.quiet();
  await b.quiet();
  const before = await a.ids();
  const versions = new Map<string, number>();
  for (const path of files) versions.set(path, await versionsOf(a, path));

  const end = await endOf(trace);
  const onB = onlooker(b.files.root, files);
  try {
    await replay(trace, a.files.root, plantedContent, pace);
    await eventually(
      async () => {
        expect(a.files.tree(), 'here').toEqual(end);
        expect(b.files.tree(), 'there').toEqual(end);
        await a.expectUpToDate();
        await b.expectUpToDate();
        return true;
      },
      { what: 'what the program left, on both', on: (wake) => b.now.pair.onStatus(wake) },
    );
  } finally {
    onB.close();
  }
  expect(onB.faults, 'moments of the other device').toEqual([]);
  const after = await a.ids();
  for (const path of files) {
    expect(after[path], `the node of ${path}`).toBe(before[path]);
    const added = (await versionsOf(a, path)) - (versions.get(path) ?? 0);
    // Which moments of a slow save are looked at is also up to how busy the machine is.
    const spare = pace === 'recorded' ? 0 : 2;
    expect(added, `new versions of ${path}`).toBeLessThanOrEqual((trace.versions?.[path] ?? 1) + spare);
  }
  // A file that is left alone for long enough is no half-written one, whatever its program means to do with it.
  if (pace === 'recorded')
    for (const path of trace.never ?? []) expect([...onB.names], 'names seen there').not.toContain(path);
}

describe.concurrent('15 Editors, partial writes', () => {
  for (const trace of traces) {
    test(`${trace.name}`, () =>
      withDevices(world, [], async (a, b) => {
        await run(trace, 'recorded', a, b);
        await expectOracles([a, b]);
      }));

    test(`${trace.name}, slowly`, () => withDevices(world, [], (a, b) => run(trace, slowly, a, b)));
  }
});
