import { expect, test } from 'vitest';
import { type Cbor, decodeListed, encodeCbor } from '../../../src/crypto/cbor.ts';

const text = (item: Cbor): string => {
  if (typeof item !== 'string') throw new Error(`no text: ${String(item)}`);
  return item;
};

test('items of the list are parsed, the other fields are as they are', () => {
  const found = decodeListed(encodeCbor(['name', 1, ['a', 'b'], [2, [3]]]), 2, text);
  expect(found).toMatchObject({ fields: ['name', 1, [], [2, [3]]], count: 2 });
  expect(found.items()).toEqual(['a', 'b']);
});

test('what is no list there is a field as others, and an empty list is one', () => {
  expect(decodeListed(encodeCbor(['name', 1]), 1, text)).toMatchObject({ fields: ['name', 1], count: null });
  expect(decodeListed(encodeCbor(['name']), 1, text)).toMatchObject({ fields: ['name'], count: null });
  expect(decodeListed(encodeCbor(['name', []]), 1, text)).toMatchObject({ count: 0 });
});

test('an item that cannot be parsed is told of when it is asked for, the first one', () => {
  const found = decodeListed(encodeCbor([['a', 1, 2]]), 0, text);
  expect(found.count).toBe(3);
  expect(() => found.items()).toThrow('no text: 1');
});

test('what is not canonical, too deep, too short or too long is refused before any item is believed', () => {
  const encoded = encodeCbor(['name', [1, 'b']]);
  const longer = new Uint8Array([...encoded, 0]);
  const badEnd = new Uint8Array([...encoded.slice(0, -2), 0x18, 0x01]);
  const endless = new Uint8Array([0x81, 0x9a, 0xff, 0xff, 0xff, 0xff]);
  const nested = (depth: number): Cbor => (depth === 0 ? 0 : [nested(depth - 1)]);
  const deep = new Uint8Array([0x81, 0x81, ...encodeCbor(nested(7))]);
  for (const bytes of [encoded.slice(0, -1), longer, badEnd, endless, deep, encodeCbor('name'), new Uint8Array(0)]) {
    expect(() => decodeListed(bytes, bytes === deep || bytes === endless ? 0 : 1, text)).toThrow(
      expect.objectContaining({ kind: 'security' }),
    );
  }
});
