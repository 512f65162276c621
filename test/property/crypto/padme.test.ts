import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { padme } from '../../../src/crypto/padme.ts';
import { refPadme } from '../../vectors/reference.ts';

const length = fc.oneof(fc.nat({ max: 100_000 }), fc.integer({ min: 0, max: 2 ** 50 }));

describe('Padmé', () => {
  it('is what the paper says', () => {
    for (let at = 0; at < 70_000; at++) if (padme(at) !== refPadme(at)) expect.fail(`differs at ${at}`);
    fc.assert(fc.property(length, (at) => padme(at) === refPadme(at)));
  });

  it('never shrinks, adds at most 12 %, keeps order, and leaves what is padded', () => {
    fc.assert(
      fc.property(length, fc.nat({ max: 1000 }), (at, more) => {
        const padded = padme(at);
        expect(padded).toBeGreaterThanOrEqual(at);
        expect(padded).toBeLessThanOrEqual(at * 1.12);
        expect(padded).toBeLessThanOrEqual(padme(at + more));
        expect(padme(padded)).toBe(padded);
      }),
    );
  });

  it('leaves at most 9.1 bits of a size between 4 KiB and 1 GiB', () => {
    let count = 0;
    for (let at = 4096; at <= 2 ** 30; at = padme(at + 1)) count++;
    expect(Math.log2(count)).toBeLessThan(9.1);
  });

  it('refuses what is no length', () => {
    for (const wrong of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => padme(wrong)).toThrow();
  });
});
