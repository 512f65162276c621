import { describe, expect, it } from 'vitest';
import { type NodeId, newId, type ObjectId, rootNode } from '../../../src/common/ids.ts';
import { encodeOperations } from '../../../src/vault/operation-codec.ts';
import { type Draft, splitOperations } from '../../../src/vault/split-operations.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { nowUs, testManifest } from '../../fakes/vault-world.ts';

const random = seededRandom('split');

const folder = (): Draft => ({
  operation: { type: 'create-folder', node: newId<NodeId>(random), parent: rootNode, name: 'a' },
  retained: [],
  released: [],
});

const file = (chunks: number): Draft => {
  const node = newId<NodeId>(random);
  const manifest = testManifest(random, node, chunks);
  return {
    operation: { type: 'create-file', node, parent: rootNode, name: 'f', manifest },
    retained: [],
    released: [],
  };
};

const ids = (count: number): ObjectId[] =>
  Array.from({ length: count }, (_, i) => i.toString(16).padStart(32, '0') as ObjectId);

describe('splitting operations over entries', () => {
  it('keeps all of them, in order, and every entry within the limits with room for an epoch operation', () => {
    const drafts = [...Array.from({ length: 5000 }, folder), ...Array.from({ length: 2000 }, () => file(16))];
    const entries = splitOperations(drafts);
    expect(entries.flatMap((entry) => entry.operations)).toEqual(drafts.map((draft) => draft.operation));
    expect(entries.length).toBeGreaterThan(3);
    for (const { operations } of entries) {
      expect(operations.length).toBeLessThanOrEqual(4095);
      const epoch = { type: 'epoch', epoch: 2 ** 40, grantsHash: new Uint8Array(32) } as const;
      expect(encodeOperations(nowUs, [epoch, ...operations]).length + 72).toBeLessThanOrEqual(1024 * 1024);
    }
  });

  it('keeps lists sorted, unique and within 65,536 ids', () => {
    const [a, b] = [ids(40_000), ids(60_000).slice(30_000)];
    const entries = splitOperations([
      { ...folder(), retained: [...a].reverse() },
      { ...folder(), retained: b },
    ]);
    expect(entries.map((entry) => entry.retained)).toEqual([a, b]);
    const dropped = splitOperations([
      { ...folder(), released: a },
      { ...folder(), released: b },
    ]);
    expect(dropped.map((entry) => entry.released)).toEqual([a, b]);
  });

  it('never has an id in both lists of an entry', () => {
    const [id] = ids(1) as [ObjectId];
    const entries = splitOperations([
      { ...folder(), retained: [id] },
      { ...folder(), released: [id] },
    ]);
    expect(entries.map(({ retained, released }) => [retained.length, released.length])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    const back = splitOperations([
      { ...folder(), released: [id] },
      { ...folder(), retained: [id] },
    ]);
    expect(back).toHaveLength(2);
  });

  it('says so when one file is too large for any entry', () => {
    const whole = (): unknown => splitOperations([{ ...folder(), retained: ids(65_537) }]);
    expect(whole).toThrowError(expect.objectContaining({ kind: 'limit', reason: 'file-too-large' }));
  });

  it('makes no entry of nothing', () => {
    expect(splitOperations([])).toEqual([]);
  });
});
