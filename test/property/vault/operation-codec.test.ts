import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import type { NodeId, ObjectId, RevisionId } from '../../../src/common/ids.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { decodeManifest, encodeManifest } from '../../../src/vault/manifest-codec.ts';
import { decodeOperations, encodeOperations } from '../../../src/vault/operation-codec.ts';

const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const node = id.map((text) => text as NodeId);
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const name = fc.string({ unit: 'grapheme' });
const integer = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const ref = fc.record({
  objectId: id.map((text) => text as ObjectId),
  secret: bytes32,
  hash: bytes32,
  plainLength: fc.integer({ min: 1, max: 4_194_304 }),
});
const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    node,
    revision: id.map((text) => text as RevisionId),
    mtimeUs: integer,
    exec: fc.boolean(),
    refs: fc.array(ref, { maxLength: 16 }),
    pages: fc.array(ref, { minLength: 16, maxLength: 16 }),
    chunkCount: fc.integer({ min: 17, max: 268_435_456 }),
    isPaged: fc.boolean(),
    size: count,
  })
  .map(({ refs, pages, chunkCount, isPaged, size, ...rest }): Manifest => {
    if (!isPaged) {
      const sum = refs.reduce((total, each) => total + each.plainLength, 0);
      return { ...rest, size: sum, content: { kind: 'chunks', chunks: refs } };
    }
    const first = Math.ceil(chunkCount / 4096);
    const wanted = first <= 16 ? first : Math.ceil(first / 4096);
    return { ...rest, size, content: { kind: 'pages', pages: pages.slice(0, wanted), chunkCount } };
  });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant('create-folder' as const), node, parent: node, name }),
  fc.record({ type: fc.constant('create-file' as const), node, parent: node, name, manifest }),
  fc.record({ type: fc.constant('place' as const), node, parent: node, name }),
  fc.record({ type: fc.constant('revise' as const), node, manifest }),
  fc.record({ type: fc.constant('delete' as const), node }),
  fc.record({ type: fc.constant('restore' as const), node, parent: node, name }),
  fc.record({
    type: fc.constant('release' as const),
    revisions: fc.array(
      id.map((text) => text as RevisionId),
      { minLength: 1 },
    ),
  }),
  fc.record({ type: fc.constant('vault' as const), name }),
  fc.record({ type: fc.constant('epoch' as const), epoch: count, grantsHash: bytes32 }),
);

describe('codecs over random values', () => {
  it('operations come back as they were', () => {
    fc.assert(
      fc.property(integer, fc.array(operation, { minLength: 1, maxLength: 10 }), (timeUs, operations) => {
        expect(decodeOperations(encodeOperations(timeUs, operations))).toEqual({ timeUs, operations });
      }),
      { numRuns: 300 },
    );
  });

  it('manifests come back as they were', () => {
    fc.assert(
      fc.property(manifest, (given) => {
        expect(decodeManifest(encodeManifest(given))).toEqual(given);
      }),
    );
  });

  it('changed bytes decode to something else or fail in one of the declared ways', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(254), (operations, at, by) => {
        const bytes = encodeOperations(0, operations);
        const spot = at % bytes.length;
        bytes[spot] = ((bytes[spot] ?? 0) + 1 + by) % 256;
        try {
          expect(decodeOperations(bytes)).not.toEqual({ timeUs: 0, operations });
        } catch (error) {
          if (!(error instanceof HoldfastError)) throw error;
          expect(['E_AUTH', 'E_DOWNGRADE', 'version']).toContain(error.security ?? error.kind);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
