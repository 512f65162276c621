import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { type NodeId, newId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { type Cbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { decodeOperations, encodeOperations, paddedLength } from '../../../src/vault/operation-codec.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { nowUs, testManifest } from '../../fakes/vault-world.ts';
import { expectStop } from '../../helpers/security.ts';

const random = seededRandom('operations');
const node = newId<NodeId>(random);
const parent = newId<NodeId>(random);

const everyKind: Operation[] = [
  { type: 'create-folder', node, parent: rootNode, name: 'Bilder' },
  { type: 'create-file', node, parent, name: 'a.txt', manifest: testManifest(random, node, 2) },
  { type: 'place', node, parent, name: '\uFEFFb' },
  { type: 'revise', node, manifest: testManifest(random, node, 0) },
  { type: 'delete', node },
  { type: 'restore', node, parent, name: 'c' },
  { type: 'release', revisions: [newId<RevisionId>(random)] },
  { type: 'vault', name: 'Documents' },
  { type: 'epoch', epoch: 7, grantsHash: random.bytes(32) },
];

/** Pads a plaintext by the rule, whatever is in it. */
const pad = (plain: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(paddedLength(plain.length));
  padded.set(plain);
  padded[plain.length] = 0x80;
  return padded;
};

const withOperation = (...fields: Cbor[]): Uint8Array => pad(encodeCbor(['operations', 1, nowUs, [fields]]));
const id = new Uint8Array(16).fill(1);

describe('operations of an entry', () => {
  it('come back as they were written, of every kind', () => {
    expect(decodeOperations(encodeOperations(-5, everyKind))).toEqual({ timeUs: -5, operations: everyKind });
  });

  it('have the bytes that FORMAT.md 8.3 says', () => {
    const bytes = encodeOperations(2, [{ type: 'delete', node: '01010101010101010101010101010101' as NodeId }]);
    expect(bytes.length).toBe(256);
    expect(toHex(bytes.subarray(0, 36))).toBe(
      `846a6f7065726174696f6e730102818205${'50'}${'01'.repeat(16)}8000`.padEnd(72, '0'),
    );
  });

  it('[F-OP-1] padding of another length, without its mark or with other bytes is refused', () => {
    const good = encodeOperations(1, everyKind.slice(0, 1));
    const longer = new Uint8Array(good.length + 256);
    longer.set(good);
    expectStop(() => decodeOperations(longer), 'E_AUTH');
    expectStop(() => decodeOperations(good.subarray(0, good.length - 1)), 'E_AUTH');
    const dirty = good.slice();
    dirty[dirty.length - 1] = 1;
    expectStop(() => decodeOperations(dirty), 'E_AUTH');
    expectStop(() => decodeOperations(new Uint8Array(256)), 'E_AUTH');
    expectStop(() => decodeOperations(new Uint8Array()), 'E_AUTH');
  });

  it('pads to Padmé of whole blocks, with room for the mark', () => {
    expect([0, 255, 256, 511, 5000].map(paddedLength)).toEqual([256, 256, 512, 512, 5120]);
  });

  it('[F-OP-2] an unknown number stops with `version`', () => {
    for (const number of [0, 10, 23, 24, 1000]) expectStop(() => decodeOperations(withOperation(number)), 'version');
  });

  it.each<[string, Cbor[]]>([
    ['too few fields', [5]],
    ['too many fields', [5, id, null]],
    ['an id of 15 bytes', [5, id.subarray(1)]],
    ['an id as text', [5, '01'.repeat(16)]],
    ['a name as bytes', [1, id, id, id]],
    ['no revisions', [7, []]],
    ['4097 revisions', [7, Array.from({ length: 4097 }, () => id)]],
    ['an epoch of zero', [9, 0, new Uint8Array(32)]],
    ['a short hash', [9, 1, new Uint8Array(31)]],
    ['a text as number', ['delete', id]],
    ['a negative number', [-1, id]],
    ['a manifest of wrong shape', [4, id, ['manifest', 1, id, id, 0, 0, false, 0]]],
    ['a manifest of another name', [4, id, ['manifest-page', 1, id, id, 0, 0, false, 0, []]]],
    ['a negative size', [4, id, ['manifest', 1, id, id, -1, 0, false, 0, []]]],
  ])('[F-OP-3] %s refuses the entry', (_, fields) => {
    expectStop(() => decodeOperations(withOperation(...fields)), 'E_AUTH');
  });

  it('[F-SUITE-1] another suite, outside or in a manifest, is a downgrade', () => {
    expectStop(() => decodeOperations(pad(encodeCbor(['operations', 2, 0, [[5, id]]]))), 'E_DOWNGRADE');
    expectStop(
      () => decodeOperations(withOperation(4, id, ['manifest', 0, id, id, 0, 0, false, 0, []])),
      'E_DOWNGRADE',
    );
  });

  it('has 1 to 4096 operations', () => {
    const many = (count: number): Uint8Array =>
      pad(encodeCbor(['operations', 1, 0, Array.from({ length: count }, () => [5, id])]));
    expectStop(() => decodeOperations(many(0)), 'E_AUTH');
    expectStop(() => decodeOperations(many(4097)), 'E_AUTH');
    expect(decodeOperations(many(4096)).operations).toHaveLength(4096);
  });

  it('[F-MAN-1] [F-MAN-2] a manifest that contradicts itself makes the operation unusable, not the entry', () => {
    const ref: Cbor = [id, new Uint8Array(32), new Uint8Array(32), 10];
    const long: Cbor = [id, new Uint8Array(32), new Uint8Array(32), 5_000_000];
    const manifests: Cbor[] = [
      ['manifest', 1, id, id, 11, 0, false, 1, [ref]],
      ['manifest', 1, id, id, 10, 0, false, 2, [ref]],
      ['manifest', 1, id, id, 20, 0, false, 1, [ref, ref]],
      ['manifest', 1, id, id, 0, 0, false, 1, []],
      ['manifest', 1, id, id, 5_000_000, 0, false, 1, [long]],
      ['manifest', 1, id, id, 170, 0, false, 17, Array.from({ length: 17 }, () => ref)],
      ['manifest', 1, id, id, 170, 0, false, 2 ** 40, [ref]],
      ['manifest', 1, id, id, 170, 0, false, 17 * 4096 * 4096, Array.from({ length: 17 }, () => ref)],
    ];
    for (const manifest of manifests) {
      const { operations } = decodeOperations(withOperation(4, id, manifest));
      expect(operations).toEqual([{ type: 'unusable', node: toHex(id) }]);
    }
    const paged = decodeOperations(withOperation(4, id, ['manifest', 1, id, id, 170, 0, false, 17, [ref]]));
    expect(paged.operations[0]?.type).toBe('revise');
  });

  it('encodes and decodes 1,000 new files in a time that grows with their number alone', () => {
    const files = Array.from({ length: 1000 }, (_, i): Operation => {
      const made = newId<NodeId>(random);
      return { type: 'create-file', node: made, parent, name: `file ${i}.txt`, manifest: testManifest(random, made) };
    });
    const run = (): number => {
      const start = performance.now();
      expect(decodeOperations(encodeOperations(nowUs, files)).operations).toHaveLength(1000);
      return performance.now() - start;
    };
    const best = Math.min(...Array.from({ length: 8 }, run));
    // Some twenty milliseconds on an idle machine; what is quadratic takes seconds.
    expect(best).toBeLessThan(1000);
  });
});
