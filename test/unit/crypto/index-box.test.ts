import { expect, it } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { openIndexBox, rowSealer } from '../../../src/crypto/index-box.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { nativeXchacha, portableXchacha, xchachaNonceLength } from '../../../src/crypto/xchacha.ts';
import { expectStop } from '../../helpers/security.ts';

const key = new Uint8Array(32).fill(7);
const name = (row: number): Uint8Array => Uint8Array.of(row & 0xff, row >> 8);
const ending = (...end: number[]) => ({
  bytes: (length: number) => Uint8Array.from([...new Uint8Array(length - end.length).fill(9), ...end]),
});

it('rows that are sealed together have nonces of their own, and open one by one', () => {
  const seal = rowSealer(key, systemRandom);
  const boxes = Array.from({ length: 1000 }, (_, row) => seal(name(row), Uint8Array.of(row & 0xff, 1, 2, 3)));
  expect(new Set(boxes.map((box) => toHex(box.subarray(0, xchachaNonceLength)))).size).toBe(1000);
  for (const row of [999, 0, 256, 255]) {
    const box = boxes[row] ?? new Uint8Array();
    expect(openIndexBox(key, name(row), box)).toEqual(Uint8Array.of(row & 0xff, 1, 2, 3));
    expectStop(() => openIndexBox(key, name(row + 1), box), 'E_AUTH');
  }
});

it('the half of a nonce that makes the key stays as it is, however far is counted', () => {
  const seal = rowSealer(key, ending(...new Array(8).fill(0xff)));
  const nonces = [1, 2, 3].map(() => toHex(seal(name(1), new Uint8Array()).subarray(0, xchachaNonceLength)));
  const half = '09'.repeat(16);
  expect(nonces).toEqual([half + 'ff'.repeat(8), half + '00'.repeat(8), `${half}${'00'.repeat(7)}01`]);
});

it('with OpenSSL and without, what is sealed together is the same', () => {
  const nonces = [0, 1, 255].map((last) => ending(last).bytes(xchachaNonceLength));
  const [first = new Uint8Array()] = nonces;
  const [native, portable] = [nativeXchacha, portableXchacha].map(({ sealer }) => {
    const seal = sealer(key, first);
    return nonces.map((nonce) => toHex(seal(nonce, name(3), Uint8Array.of(1, 2, 3))));
  });
  expect(native).toEqual(portable);
});
