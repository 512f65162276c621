import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import { parsePath } from '../../../src/common/relative-path.ts';
import type { Disk } from '../../../src/local/disk.ts';
import type { StagedFile } from '../../../src/local/file-system.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { tempFolder } from '../../helpers/temp.ts';

const mib = 1024 * 1024;
const key = (n: number): string => n.toString(16).padStart(32, '0');
const attributes = (size: number) => ({ mtimeUs: 1_600_000_000_000_000, exec: false, size });
const failing = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};
const direct = constants.O_DIRECT ?? 0;

interface Piece {
  readonly from: number;
  readonly to: number;
}

/** The beginning of each piece but the first is one of `borders`. */
function piecesOf(size: number, borders: readonly number[]): Piece[] {
  const all = [0, ...borders, size];
  return all.slice(1).map((to, at) => ({ from: all[at] ?? 0, to }));
}

/** So many of them under way at a time, the next one as soon as one is written. */
async function writePieces(file: StagedFile, content: Uint8Array, pieces: readonly Piece[], atOnce = 3): Promise<void> {
  const queue = pieces.values();
  const work = async (): Promise<void> => {
    for (const { from, to } of queue) await file.write(content.slice(from, to), from);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function expectWritten(disk: Disk, content: Uint8Array, pieces: readonly Piece[]): Promise<void> {
  const location = await tempFolder('direct');
  const fs = openNodeFileSystem(location, { disk });
  const file = await fs.createStaged(key(1));
  await writePieces(file, content, pieces);
  await file.finish(attributes(content.length));
  await fs.syncStaged([file]);
  await fs.placeStaged(file, must(parsePath('large')), null, 'b1');
  expect(Buffer.compare(await readFile(join(location, 'large')), content)).toBe(0);
}

/** The real disk, where writing past the cache goes as `write` says, even where the system has none of it. */
function diskThatWrites(write: Disk['write']): Disk {
  const handles = new Set<number>();
  return {
    ...nodeDisk,
    openSync: (path, flags, mode) => {
      const isDirect = direct !== 0 && (flags & direct) !== 0;
      const handle = nodeDisk.openSync(path, isDirect ? flags & ~direct : flags, mode);
      if (isDirect) handles.add(handle);
      else handles.delete(handle);
      return handle;
    },
    write: (handle, ...rest) => (handles.has(handle) ? write(handle, ...rest) : nodeDisk.write(handle, ...rest)),
  };
}

const content = randomBytes(5 * mib + 4321);
const whole = piecesOf(content.length, [mib, 2 * mib, 3 * mib, 4 * mib, 5 * mib]);
const shifted = piecesOf(content.length, [1, mib + 1, 2 * mib + 1, 3 * mib + 1, 4 * mib + 1]);

describe('a large file in the stage', () => {
  it.each([
    ['in whole blocks', whole],
    ['shifted by a byte', shifted],
    ['from its end', shifted.toReversed()],
    ['in one piece', piecesOf(content.length, [])],
  ])('has what was written: %s', (_, pieces) => expectWritten(nodeDisk, content, pieces));

  it('has what was written in pieces of any length and order', async () => {
    const random = seededRandom(6);
    const draw = (below: number): number => new DataView(random.bytes(4).buffer).getUint32(0) % below;
    for (let round = 0; round < 8; round++) {
      const borders = Array.from({ length: 1 + draw(12) }, () => 1 + draw(content.length - 1));
      const pieces = piecesOf(
        content.length,
        [...new Set(borders)].sort((a, b) => a - b),
      );
      const inAnyOrder = pieces
        .map((piece) => ({ piece, at: draw(1000) }))
        .sort((a, b) => a.at - b.at)
        .map(({ piece }) => piece);
      await expectWritten(nodeDisk, content, inAnyOrder);
    }
  });

  it('is written in the usual way where the disk refuses, when it is opened or later', async () => {
    const refusing: Disk = {
      ...nodeDisk,
      openSync: (path, flags, mode) =>
        direct !== 0 && (flags & direct) !== 0 ? failing('EINVAL') : nodeDisk.openSync(path, flags, mode),
    };
    await expectWritten(refusing, content, shifted);
    await expectWritten(
      diskThatWrites(async () => failing('EINVAL')),
      content,
      shifted,
    );
    let writes = 0;
    const later = diskThatWrites(async (...given) => (++writes > 2 ? failing('EINVAL') : nodeDisk.write(...given)));
    await expectWritten(later, content, whole);
  });

  it('goes on after a short write, also within a sector', async () => {
    for (const most of [64 * 1024, 5000]) {
      const disk = diskThatWrites((handle, bytes, offset, length, position) =>
        nodeDisk.write(handle, bytes, offset, Math.min(length, most), position),
      );
      await expectWritten(disk, content, shifted);
    }
  });

  it.runIf(direct !== 0)('says so when the disk is full, and takes nothing for written', async () => {
    const takesNothing: Disk['write'] = async () => 0;
    for (const write of [async () => failing('ENOSPC'), takesNothing]) {
      const fs = openNodeFileSystem(await tempFolder('direct'), { disk: diskThatWrites(write) });
      const file = await fs.createStaged(key(1));
      await expect(file.write(content.slice(0, 2 * mib), 0)).rejects.toMatchObject({ reason: 'disk-full' });
      await file.discard();
    }
  });

  it('stays with all that it was given when it is left, and with what it lacked is whole', async () => {
    const location = await tempFolder('direct');
    const fs = openNodeFileSystem(location);
    const file = await fs.createStaged(key(1));
    await file.write(content.slice(0, mib + 500_000), 0);
    await file.leave();
    const again = await openNodeFileSystem(location).createStaged(key(1));
    expect(again.leftBytes).toBe(mib + 500_000);
    const left = new Uint8Array(mib + 500_000);
    await again.read(left, 0);
    expect(Buffer.compare(left, content.subarray(0, left.length))).toBe(0);
    await again.discard();
  });

  it('needs no memory that others hold: many of them, each with pieces that fill no block', async () => {
    const location = await tempFolder('direct');
    const fs = openNodeFileSystem(location);
    const small = content.subarray(0, mib + 1000);
    const files: StagedFile[] = [];
    for (let n = 0; n < 20; n++) files.push(await fs.createStaged(key(n)));
    for (const file of files) await file.write(small.slice(500), 500);
    for (const file of files) await file.write(small.slice(0, 500), 0);
    for (const [n, file] of files.entries()) {
      await file.finish(attributes(small.length));
      const path = join(location, '.holdfast', 'stage', `part-${key(n)}`);
      expect(Buffer.compare(await readFile(path), small), `file ${n}`).toBe(0);
    }
  });
});
