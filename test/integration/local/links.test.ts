import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskReason } from '../../../src/common/disk-error.ts';
import { must } from '../../../src/common/errors.ts';
import type { PairId, VaultId } from '../../../src/common/ids.ts';
import type { Marker } from '../../../src/local/file-system.ts';
import { makeIgnoreRules } from '../../../src/local/ignore-rules.ts';
import { type Anchoring, canAnchorByHandle } from '../../../src/local/local-root.ts';
import { listed, path, reasonOf, stageText } from '../../contract/file-system-contract.ts';
import { makeNodeDisk } from '../../contract/node-disk.ts';
import { walk } from '../../helpers/walk.ts';

const marker: Marker = { pairId: 'a'.repeat(32) as PairId, vaultId: 'b'.repeat(32) as VaultId, madeAt: 17 };

const ways: readonly Anchoring[] = canAnchorByHandle() ? ['handle', 'path'] : ['path'];

/** Every name and content below, with the inode: what nothing may have touched. */
function sentinel(folder: string): string {
  const lines = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const at = join(entry.parentPath, entry.name);
    const stats = lstatSync(at);
    return `${at} ${stats.ino} ${stats.mtimeMs} ${stats.mode} ${entry.isFile() ? readFileSync(at, 'utf8') : ''}`;
  });
  return lines.sort().join('\n');
}

describe.each(ways)('links (%s)', (anchoring) => {
  let disk: Awaited<ReturnType<typeof makeNodeDisk>>;
  let before: string;
  beforeEach(async () => {
    disk = await makeNodeDisk(anchoring);
    mkdirSync(join(disk.outside, 'deep'));
    for (const name of ['f', 'x', 'deep/f']) writeFileSync(join(disk.outside, name), 'secret');
    before = sentinel(disk.outside);
  });
  afterEach(async () => {
    expect(sentinel(disk.outside)).toBe(before);
    await disk.dispose();
  });

  it('lists links as links and walks past them, loops included', async () => {
    const { fs, root, outside } = disk;
    mkdirSync(join(root, 'd'));
    symlinkSync(outside, join(root, 'd/out'));
    symlinkSync('..', join(root, 'd/up'));
    symlinkSync('b', join(root, 'a'));
    symlinkSync('a', join(root, 'b'));
    const seen: string[] = [];
    for await (const { path: at, seen: folder } of walk(fs, makeIgnoreRules())) {
      for (const entry of must(folder).entries) seen.push(`${at}/${entry.name} ${entry.kind}`);
    }
    expect(seen.sort()).toEqual(['/a symlink', '/b symlink', '/d folder', 'd/out symlink', 'd/up symlink']);
  });

  it('refuses everything that leads through a link', async () => {
    const { fs, root, outside } = disk;
    writeFileSync(join(root, 'mine'), 'mine');
    symlinkSync(outside, join(root, 'd'));
    const mine = must(await fs.stat(path('mine')));
    const file = await stageText(fs, 'new');
    const tries: Record<string, Promise<unknown>> = {
      open: fs.openFile(path('d/f')),
      stat: fs.stat(path('d/f')),
      makeFolder: fs.makeFolder(path('d/new')),
      makeDeepFolder: fs.makeFolder(path('d/deep/new')),
      moveOut: fs.move(path('mine'), path('d/mine'), mine),
      moveIn: fs.move(path('d/f'), path('got'), mine),
      setAttributes: fs.setAttributes(path('d/f'), mine, { mtimeUs: 1 }),
      removeFolder: fs.removeFolder(path('d/deep')),
      placeNew: fs.placeStaged(file, path('d/new'), null, 'b1'),
      placeOver: fs.placeStaged(file, path('d/f'), mine, 'b1'),
      trash: fs.trashFile(path('d/f'), mine, 'b1'),
      park: fs.park(path('d/f'), mine, 'k1'),
    };
    for (const [name, work] of Object.entries(tries)) expect([name, await reasonOf(work)]).toEqual([name, 'symlink']);
    const listing = await fs.listFolder(path('d'));
    expect(listing.ok ? 'ok' : diskReason(listing.error)).toBe('symlink');
    expect(readFileSync(join(root, 'mine'), 'utf8')).toBe('mine');
  });

  it('never follows the last component either', async () => {
    const { fs, root, outside } = disk;
    symlinkSync(join(outside, 'f'), join(root, 'l'));
    symlinkSync(join(outside, 'nowhere'), join(root, 'dangling'));
    expect(await reasonOf(fs.openFile(path('l')))).toBe('symlink');
    expect((await listed(fs, '')).entries.map((entry) => entry.kind)).toEqual(['symlink', 'symlink']);
    for (const name of ['l', 'dangling']) {
      expect(await reasonOf(fs.placeStaged(await stageText(fs, 'new'), path(name), null, 'b1'))).toBe('exists');
      expect(await reasonOf(fs.makeFolder(path(name)))).toBe('exists');
    }
    const link = must(await fs.stat(path('l')));
    expect(await reasonOf(fs.setAttributes(path('l'), link, { exec: true }))).toBe('wrong-kind');
    expect(await reasonOf(fs.placeStaged(await stageText(fs, 'new'), path('l'), link, 'b1'))).toBe('wrong-kind');
    expect(await reasonOf(fs.trashFile(path('l'), link, 'b1'))).toBe('wrong-kind');
  });

  it('does not take a link for its own folder', async () => {
    const { fs, root, outside } = disk;
    symlinkSync(outside, join(root, '.holdfast'));
    expect(await reasonOf(fs.createStaged())).toBe('symlink');
    expect(await reasonOf(fs.recoverStage())).toBe('symlink');
    expect(await reasonOf(fs.expireTrash(Date.now() + 1e6))).toBe('symlink');
    expect(await reasonOf(fs.probeVolume())).toBe('symlink');
  });

  it('writes nothing of its own through a second name of another file', async () => {
    const { fs, root, outside } = disk;
    const key = '0123456789abcdef'.repeat(2);
    mkdirSync(join(root, '.holdfast/stage'), { recursive: true });
    linkSync(join(outside, 'x'), join(root, '.holdfast/marker.new'));
    linkSync(join(outside, 'f'), join(root, `.holdfast/stage/part-${key}`));
    await fs.writeMarker(marker);
    expect(await fs.readMarker()).toEqual(marker);
    const staged = await fs.createStaged(key);
    expect(staged.leftBytes).toBe(0);
    await staged.write(new TextEncoder().encode('downloaded'), 0);
    await staged.finish({ mtimeUs: 1, exec: false });
    await staged.discard();
  });

  it('takes no pipe, link or device for a file of its own, and waits for none', async () => {
    const { fs, root, outside } = disk;
    const own = join(root, '.holdfast');
    await fs.writeMarker(marker);
    writeFileSync(join(outside, 'x'), JSON.stringify(marker));
    before = sentinel(outside);
    for (const make of [
      (at: string) => execFileSync('mkfifo', [at]),
      (at: string) => symlinkSync('/dev/zero', at),
      (at: string) => symlinkSync(join(outside, 'x'), at),
      (at: string) => mkdirSync(at),
    ]) {
      rmSync(join(own, 'marker'), { recursive: true });
      make(join(own, 'marker'));
      await expect(fs.readMarker()).rejects.toMatchObject({ kind: 'corrupt' });
      expect(await fs.checkRoot({ pairId: marker.pairId, dev: 0, ino: 0 })).toBe('replaced');
    }
    rmSync(join(own, 'marker'), { recursive: true });
    execFileSync('mkfifo', [join(own, 'marker.new')]);
    await fs.writeMarker(marker);
    expect(await fs.readMarker()).toEqual(marker);
  });

  it('writes no marker through a link that came with the folder', async () => {
    const { fs, root, outside } = disk;
    mkdirSync(join(root, '.holdfast'));
    symlinkSync(join(outside, 'f'), join(root, '.holdfast/marker.new'));
    await fs.writeMarker(marker);
    expect(await fs.readMarker()).toEqual(marker);
  });

  it('empties the trash without following links in it', async () => {
    const { fs, root, outside } = disk;
    writeFileSync(join(root, 'f'), 'one');
    await fs.trashFile(path('f'), must(await fs.stat(path('f'))), 'b1');
    symlinkSync(outside, join(root, '.holdfast/trash/b1/out'));
    expect(await fs.expireTrash(Date.now() + 60_000)).toBe(2);
  });

  it('works in a root that is reached through a link', async () => {
    const { openNodeFileSystem } = await import('../../../src/local/node-file-system.ts');
    symlinkSync(disk.root, `${disk.root}-link`);
    const fs = openNodeFileSystem(`${disk.root}-link`, { anchoring });
    await fs.makeFolder(path('d'));
    await fs.placeStaged(await stageText(fs, 'new'), path('d/f'), null, 'b1');
    expect(readFileSync(join(disk.root, 'd/f'), 'utf8')).toBe('new');
  });

  it('is held by nobody else when it comes back, whatever a crash has left there, if it was away when work began', async () => {
    const { fs, root } = disk;
    const identity = await fs.writeMarker(marker);
    const holder = join(root, '.holdfast/holder');
    writeFileSync(holder, 'c'.repeat(32));
    renameSync(root, `${root}-away`);
    await fs.hold();
    expect(await fs.checkRoot(identity)).toBe('missing');
    renameSync(`${root}-away`, root);
    expect(await fs.checkRoot(identity)).toBe('ok');
    expect(readFileSync(holder, 'utf8')).not.toBe('c'.repeat(32));
    writeFileSync(holder, 'd'.repeat(32));
    expect(await fs.checkRoot(identity)).toBe('held');
  });

  it('parks when the root is moved away, emptied by an unmount or made anew', async () => {
    const { fs, root } = disk;
    const identity = await fs.writeMarker({ pairId: 'a'.repeat(32), vaultId: 'b'.repeat(32), madeAt: 1 } as never);
    renameSync(root, `${root}-moved`);
    expect(await fs.checkRoot(identity)).toBe('missing');
    expect(await reasonOf(fs.makeFolder(path('d')))).toBe('root-gone');
    mkdirSync(root);
    expect(await fs.checkRoot(identity)).toBe('replaced');
    for (const work of [fs.makeFolder(path('d')), fs.stat(path('d')), fs.createStaged()]) {
      expect(await reasonOf(work)).toBe('root-gone');
    }
    const listing = await fs.listFolder(path(''));
    expect(listing.ok ? 'ok' : diskReason(listing.error)).toBe('root-gone');
    expect(readdirSync(root)).toEqual([]);
    writeFileSync(`${root}-file`, '');
    renameSync(root, `${root}-empty`);
    renameSync(`${root}-file`, root);
    expect(await fs.checkRoot(identity)).toBe('not-a-folder');
    renameSync(root, `${root}-file`);
    renameSync(`${root}-moved`, root);
    expect(await fs.checkRoot(identity)).toBe('ok');
    await fs.makeFolder(path('d'));
  });
});

it.runIf(canAnchorByHandle())('touches nothing outside while a folder is swapped for a link all the time', async () => {
  const disk = await makeNodeDisk('handle');
  const { fs, root, outside } = disk;
  mkdirSync(join(root, 'd'));
  for (const folder of [outside, join(root, 'd')]) {
    for (let i = 0; i < 20; i++) writeFileSync(join(folder, `f${i}`), 'x');
  }
  symlinkSync(outside, join(root, 'link'));
  const before = sentinel(outside);
  const worker = new Worker(new URL('./swap-links.mjs', import.meta.url), {
    workerData: { folder: join(root, 'd'), link: join(root, 'link'), aside: join(root, 'aside') },
  });
  try {
    const deadline = performance.now() + 1_500;
    const reasons = new Map<string, number>();
    const attempt = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      const key = `${name}: ${await reasonOf(work())}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
    };
    for (let i = 0; performance.now() < deadline; i++) {
      const at = path(`d/f${i % 20}`);
      const stat = await fs.stat(at).catch(() => null);
      await attempt('make', () => fs.makeFolder(path(`d/n${i}`)));
      if (stat === null) continue;
      await attempt('attributes', () => fs.setAttributes(at, stat, { mtimeUs: i }));
      const file = await fs.createStaged();
      await file.write(new Uint8Array([i % 256]), 0);
      await file.finish({ mtimeUs: i, exec: false });
      // What is at stake here is the name, not the medium.
      (file as unknown as { state: string }).state = 'synced';
      const now = await fs.stat(at).catch(() => null);
      if (now !== null) await attempt('place', () => fs.placeStaged(file, at, now, 'b1'));
      await file.discard();
      await attempt('move', () => fs.move(at, path(`d/m${i}`), now ?? stat));
    }
    const said = new Promise<{ swaps?: number; error?: string }>((resolve) => worker.once('message', resolve));
    worker.postMessage('end');
    const { swaps, error } = await said;
    expect(error).toBeUndefined();
    expect(swaps).toBeGreaterThan(10);
    expect([...reasons.keys()].filter((key) => key.endsWith('none')).length).toBeGreaterThan(0);
    expect(sentinel(outside)).toBe(before);
  } finally {
    await worker.terminate();
    await disk.dispose();
  }
});
