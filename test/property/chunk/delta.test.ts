import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyDelta,
  type Edit,
  edited,
  fixedRevision,
  memoryReader,
  noise,
  type Revision,
} from '../../helpers/delta-world.ts';

const chunkSize = 64;

/** Noise, runs of one byte, short periods: with every kind of repetition that a real file may have. */
const content = (maxLength: number) =>
  fc.oneof(
    fc.record({ length: fc.nat(maxLength), seed: fc.nat() }).map(({ length, seed }) => noise(length, seed)),
    fc
      .record({ length: fc.nat(maxLength), byte: fc.nat(255) })
      .map(({ length, byte }) => new Uint8Array(length).fill(byte)),
    fc
      .record({ length: fc.nat(maxLength), period: fc.integer({ min: 1, max: 3 * chunkSize }), seed: fc.nat() })
      .map(({ length, period, seed }) => {
        const unit = noise(period, seed);
        return Uint8Array.from({ length }, (_, i) => unit[i % period] ?? 0);
      }),
    fc.uint8Array({ maxLength: 40 }),
  );

const place = fc.double({ min: 0, max: 1, noNaN: true });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constantFrom('insert' as const, 'overwrite' as const), at: place, bytes: content(200) }),
  fc.record({ kind: fc.constant('delete' as const), at: place, length: fc.nat(300) }),
  fc.record({ kind: fc.constantFrom('move' as const, 'copy' as const), at: place, length: fc.nat(500), to: place }),
);

test('the pieces rebuild the file exactly, edit after edit, whatever the reader gives at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      content(3000),
      fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      fc.constantFrom(7, 64, 1000, Number.POSITIVE_INFINITY),
      async (start, history, most) => {
        let revision: Revision = fixedRevision(start, chunkSize);
        for (const edits of history) {
          const next = edits.reduce(edited, revision.content);
          const reader = memoryReader(next, most);
          const outcome = await applyDelta(revision, reader, chunkSize);
          if (outcome.isFragmented) {
            revision = fixedRevision(next, chunkSize);
            continue;
          }
          expect(Buffer.compare(outcome.rebuilt, next)).toBe(0);
          expect(outcome.lengths.reduce((sum, length) => sum + length, 0)).toBe(next.length);
          expect(Math.max(0, ...outcome.newPieces)).toBeLessThanOrEqual(chunkSize);
          expect(outcome.lengths.length).toBeLessThanOrEqual(2 * Math.ceil(next.length / chunkSize) + 16);
          expect(reader.bytesRead()).toBe(next.length);
          revision = { content: next, lengths: outcome.lengths };
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('a file that did not change needs nothing new, however its chunks came to be', async () => {
  await fc.assert(
    fc.asyncProperty(content(3000), fc.array(edit, { maxLength: 3 }), async (start, edits) => {
      const next = edits.reduce(edited, start);
      const first = await applyDelta(fixedRevision(start, chunkSize), memoryReader(next), chunkSize);
      fc.pre(!first.isFragmented);
      const again = await applyDelta({ content: next, lengths: first.lengths }, memoryReader(next), chunkSize);
      expect(again.newPieces).toEqual([]);
      expect(again.lengths).toEqual(first.lengths);
    }),
    { numRuns: 500 },
  );
});

test('one edit in content without repetition sends no more than it touched and two chunks at each border', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 5000 }), fc.nat(), edit, async (length, seed, one) => {
      const start = noise(length, seed);
      const outcome = await applyDelta(fixedRevision(start, chunkSize), memoryReader(edited(start, one)), chunkSize);
      const written = one.kind === 'insert' || one.kind === 'overwrite' ? one.bytes.length : 0;
      const borders = one.kind === 'move' || one.kind === 'copy' ? 3 : 1;
      const sent = outcome.newPieces.reduce((sum, bytes) => sum + bytes, 0);
      expect(sent).toBeLessThanOrEqual(written + borders * 3 * chunkSize);
    }),
    { numRuns: 500 },
  );
});
