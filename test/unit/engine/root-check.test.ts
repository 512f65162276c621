import { describe, expect, it } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import type { NodeId, PairId, VaultId } from '../../../src/common/ids.ts';
import type { Index } from '../../../src/db/index-port.ts';
import { rootKeeper } from '../../../src/engine/observe/root-check.ts';
import type { FileSystem, Marker, RootIdentity } from '../../../src/local/file-system.ts';

const [pair, other] = ['a'.repeat(32), 'b'.repeat(32)] as [PairId, PairId];
const vault = 'c'.repeat(32) as VaultId;

/** A folder with this marker, and an index that knows so many nodes of it. */
function world(readMarker: () => Promise<Marker | null>, localNodes: number) {
  const kept = new Map<string, unknown>();
  const asked: (RootIdentity | null)[] = [];
  const written: Marker[] = [];
  const fs = {
    checkRoot: async (identity: RootIdentity | null) => {
      asked.push(identity);
      return 'ok';
    },
    readMarker,
    volumeNumber: async () => 1,
    writeMarker: async (marker: Marker) => {
      written.push(marker);
      return { pairId: marker.pairId, dev: 1, ino: 2 };
    },
  } as unknown as FileSystem;
  const index = {
    read: { meta: (key: string) => kept.get(key), counts: () => ({ localNodes }) },
    transaction: (work: (write: object) => void) =>
      work({ setMeta: (key: string, value: unknown) => kept.set(key, value) }),
  } as unknown as Index;
  const clock = { now: () => 17, monotonic: () => 0, sleep: async () => undefined };
  return { guard: rootKeeper({ index, fs, clock, pair, vault }), asked, written };
}

const marked = (pairId: PairId): Marker => ({ pairId, vaultId: vault, madeAt: 1 });

describe('the root of a pair', () => {
  it('is marked once, and known by that from then on', async () => {
    const { guard, asked, written } = world(async () => null, 0);
    await guard.check();
    await guard.check();
    expect(written).toEqual([{ pairId: pair, vaultId: vault, madeAt: 17 }]);
    expect(asked).toEqual([null, { pairId: pair, dev: 1, ino: 2 }]);
  });

  it.each([
    ['without a marker', null],
    ['with the marker of another pair', marked(other)],
  ])('is no folder %s when this one has a past', async (_, marker) => {
    const { guard, written } = world(async () => marker, 3);
    await expect(guard.check()).rejects.toMatchObject({ kind: 'io', reason: 'root-gone' });
    expect(guard.problem).toContain('Another folder is at the place');
    expect(written).toEqual([]);
  });

  it('is the one with its marker, whose past is known', async () => {
    const { guard, written } = world(async () => marked(pair), 3);
    await guard.check();
    expect(written).toHaveLength(1);
  });

  it('keeps what was chosen of it when its index is made anew', async () => {
    const chosen = { ...marked(pair), deselected: ['d'.repeat(32) as NodeId] };
    const { guard, written } = world(async () => chosen, 0);
    await guard.check();
    expect(written).toEqual([{ ...chosen, madeAt: 17 }]);
    const stranger = world(async () => ({ ...chosen, pairId: other }), 0);
    await stranger.guard.check();
    expect(stranger.written).toEqual([{ pairId: pair, vaultId: vault, madeAt: 17 }]);
  });

  it('is not marked while its marker cannot be read, but anew when that is broken', async () => {
    const unread = world(async () => Promise.reject(diskError('failed', 'EIO')), 0);
    await expect(unread.guard.check()).rejects.toMatchObject({ reason: 'failed' });
    expect(unread.written).toEqual([]);
    const broken = world(async () => Promise.reject(new HoldfastError('corrupt', 'broken')), 0);
    await broken.guard.check();
    expect(broken.written).toHaveLength(1);
  });
});
