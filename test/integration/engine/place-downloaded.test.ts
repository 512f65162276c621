import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import { must } from '../../../src/common/errors.ts';
import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { DownRun } from '../../../src/engine/down/down-context.ts';
import { placer, type StagedContent } from '../../../src/engine/down/place-downloaded.ts';
import { contentsUnderWay } from '../../../src/engine/loop/contents-under-way.ts';
import { roundEnd } from '../../../src/engine/loop/round-end.ts';
import { newReport } from '../../../src/engine/op-outcome.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { noPassage } from '../../helpers/no-passage.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

/** A vault with a file of each name, none of them here yet, and the way to place them. `sync` may fail. */
async function world(names: readonly string[], sync: (times: number) => void = () => undefined) {
  const root = await tempFolder('place-downloaded');
  const real = openNodeFileSystem(root);
  const device = vaultContextWorld('place downloaded').device(0);
  await device.context.pull();
  const { index } = device;
  const synced: { readonly files: number; readonly folders: readonly string[] }[] = [];
  const fs: FileSystem = {
    ...real,
    syncStaged: async (files, folders = []) => {
      synced.push({ files: files.length, folders });
      try {
        sync(synced.length);
      } catch (error) {
        // As the real one does.
        for (const file of files) await file.discard();
        throw error;
      }
      await real.syncStaged(files, folders);
    },
  };
  const nodes = new Map<string, NodeId>();
  for (const name of names) nodes.set(name, await device.file(name, name));
  const staged = async (name: string): Promise<StagedContent> => {
    const node = must(nodes.get(name));
    const remote = must(index.read.remote(node));
    const [file] = await real.stageAll([{ bytes: new TextEncoder().encode(name), exec: false, mtimeUs: 5_000_000 }]);
    const revision = must<RevisionId | null>(remote.revision) as RevisionId;
    const op = { type: 'down-create-file', node, parent: rootNode, name, localName: name, revision } as const;
    return { op: op as StagedContent['op'], remote, file: must(file), chunks: [] };
  };
  const group = (...some: string[]): Promise<StagedContent[]> => Promise.all(some.map(staged));
  const report = newReport();
  const run: DownRun = {
    touchedFolders: new Set(),
    parked: new Set(),
    mayHoldMore: false,
    going: new Set(),
    rulesOf: new Map(),
  };
  const { context } = device;
  const made = placer(
    {
      index,
      fs,
      download: {
        fs,
        crypto: context.content.crypto,
        source: context.content.source,
        memory: context.content.memoryDown,
        turn: context.content.turnDown,
        onReceiving: noPassage,
        onLeftover: () => undefined,
        isStopping: () => false,
      },
      meter: context.down,
      random: context.local.random,
      clock: context.local.clock,
      rows: index.read,
      smallBytes: 0,
      long: contentsUnderWay().down,
      roundEnd: roundEnd({ ...context, clock: context.local.clock, again: null, plannedInMs: 0 }),
      files: context.content.filesDown,
      ignore: context.local.ignore,
      isContentOf: async () => false,
      ctimeOf: (stat) => stat.ctimeUs,
      batch: '1',
      isStopping: () => false,
    },
    report,
    run,
  );
  const isSettled = (name: string): boolean => index.read.synced(must(nodes.get(name))) !== null;
  const onDisk = (): readonly string[] =>
    readdirSync(root)
      .filter((name) => !name.startsWith('.'))
      .toSorted();
  const inStage = (): readonly string[] => readdirSync(join(root, '.holdfast', 'stage'));
  return { root, group, placer: made, report, run, synced, nodes, isSettled, onDisk, inStage };
}

describe('downloads that get their names', () => {
  it('are settled by the sync that the next ones need, and at the end', async () => {
    const { group, placer, report, synced, isSettled, onDisk } = await world(['a', 'b', 'c']);
    await placer.place(await group('a', 'b'));
    expect(onDisk()).toEqual(['a', 'b']);
    // A power cut may still take the names.
    expect([isSettled('a'), isSettled('b'), report.done]).toEqual([false, false, 0]);
    await placer.place(await group('c'));
    expect([isSettled('a'), isSettled('b'), isSettled('c'), report.done]).toEqual([true, true, false, 2]);
    await placer.end();
    expect([isSettled('c'), report.done]).toEqual([true, 3]);
    expect(synced).toEqual([
      { files: 2, folders: [] },
      { files: 1, folders: [''] },
      { files: 0, folders: [''] },
    ]);
  });

  it('are looked at again when that sync fails; the next ones are not placed', async () => {
    const { root, group, placer, report, nodes, isSettled, onDisk, inStage } = await world(['a', 'b', 'c'], (times) => {
      if (times === 2) throw diskError('disk-full');
    });
    await placer.place(await group('a'));
    await placer.place(await group('b', 'c'));
    expect(onDisk()).toEqual(['a']);
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('a');
    expect(inStage()).toEqual([]);
    await placer.end();
    expect([isSettled('a'), isSettled('b'), isSettled('c'), report.done]).toEqual([false, false, false, 0]);
    expect([...report.staleNodes]).toEqual([nodes.get('a')]);
    expect([...report.blocked.keys()].toSorted()).toEqual([nodes.get('b'), nodes.get('c')].toSorted());
  });

  it('leave what took the name meanwhile as it is; the others of their group are placed and settled', async () => {
    const { root, group, placer, report, isSettled, onDisk, inStage } = await world(['a', 'b', 'c']);
    const staged = await group('a', 'b', 'c');
    writeFileSync(join(root, 'b'), 'a person was faster');
    await placer.place(staged);
    await placer.end();
    expect(onDisk()).toEqual(['a', 'b', 'c']);
    expect(readFileSync(join(root, 'b'), 'utf8')).toBe('a person was faster');
    expect([isSettled('a'), isSettled('b'), isSettled('c'), report.done]).toEqual([true, false, true, 2]);
    expect([...report.staleFolders]).toEqual(['']);
    expect(inStage()).toEqual([]);
  });

  it('are a matter of one alone if another program removes it from the stage', async () => {
    const { root, group, placer, report, nodes, onDisk, inStage } = await world(['a', 'b', 'c']);
    const staged = await group('a', 'b', 'c');
    const removed = inStage().find((name) => readFileSync(join(root, '.holdfast/stage', name), 'utf8') === 'b');
    rmSync(join(root, '.holdfast/stage', must(removed)));
    await placer.place(staged);
    await placer.end();
    expect(onDisk()).toEqual(['a', 'c']);
    expect([[...report.blocked.keys()], report.done, inStage()]).toEqual([[nodes.get('b')], 2, []]);
  });

  it('stay what they were when the last sync fails: nothing is settled, and everything is looked at again', async () => {
    const { root, group, placer, report, isSettled } = await world(['a'], (times) => {
      if (times === 2) throw diskError('failed');
    });
    await placer.place(await group('a'));
    await placer.end();
    expect(existsSync(join(root, 'a'))).toBe(true);
    expect([isSettled('a'), report.done]).toEqual([false, 0]);
    expect(report.blocked.has(rootNode)).toBe(true);
  });
});
