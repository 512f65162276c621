import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type Cbor, cborLength, decodeCbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import { refDecode, refEncode } from '../../vectors/reference.ts';

const scalar = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 300 }),
);
const { value } = fc.letrec<{ value: Cbor; list: Cbor[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 6 }, scalar, tie('list')),
  list: fc.array(tie('value'), { maxLength: 6 }),
}));

function outcome(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch (error) {
    return error instanceof HoldfastError && error.security !== 'E_AUTH' ? error : 'refused';
  }
}

describe('the encoding', () => {
  it('gives back what went in, as cborg writes it', () => {
    fc.assert(
      fc.property(value, (item) => {
        const bytes = encodeCbor(item);
        expect(decodeCbor(bytes)).toEqual(item);
        expect(Buffer.from(bytes)).toEqual(Buffer.from(encode(item)));
      }),
    );
  });

  it('has the length that is told beforehand, also where it is long', () => {
    const long = fc.array(fc.string({ unit: 'grapheme', minLength: 300, maxLength: 700 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(value, long), (item) => {
        expect(cborLength(item)).toBe(encodeCbor(item).length);
      }),
    );
  });

  it('takes only the one encoding: whatever it takes, it would have written', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.tuple(value, fc.nat(), fc.nat({ max: 255 })).map(([item, at, byte]) => {
        const bytes = encodeCbor(item);
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        const ours = outcome(() => decodeCbor(bytes));
        if (ours !== 'refused') expect(encodeCbor((ours as { value: Cbor }).value)).toEqual(bytes);
        const hasBom = Buffer.from(bytes).includes(Buffer.from('efbbbf', 'hex'));
        if (!hasBom) expect(ours).toEqual(outcome(() => refDecode(bytes)));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every proper start of a value, and every longer one', () => {
    fc.assert(
      fc.property(value, fc.nat(), (item, cut) => {
        const bytes = encodeCbor(item);
        expect(outcome(() => decodeCbor(bytes.subarray(0, cut % bytes.length)))).toBe('refused');
        expect(outcome(() => decodeCbor(Uint8Array.of(...bytes, 0)))).toBe('refused');
      }),
    );
  });

  it('gives bytes of their own', () => {
    const bytes = encodeCbor([new Uint8Array(4).fill(1)]);
    for (const input of [bytes, Buffer.from(bytes)]) {
      const [item] = decodeCbor(input) as [Uint8Array];
      input.fill(0);
      expect(item).toEqual(new Uint8Array(4).fill(1));
      expect(item.buffer.byteLength).toBe(4);
    }
  });

  it('decodes a megabyte of operations as cborg does', () => {
    const ref = [new Uint8Array(16).fill(1), new Uint8Array(32).fill(2), new Uint8Array(32).fill(3), 1 << 20];
    const operation = [2, new Uint8Array(16), new Uint8Array(16), 'a name of a file', [ref, ref]];
    const bytes = refEncode(['operations', 1, 0, Array.from({ length: 4096 }, () => operation)] as never);
    expect(bytes.length).toBeGreaterThan(800_000);
    expect(decodeCbor(bytes)).toEqual(decode(bytes));
  });
});
