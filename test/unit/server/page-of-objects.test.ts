import { expect, test } from 'vitest';
import { newId, type ObjectId } from '../../../src/common/ids.ts';
import type { Place } from '../../../src/server/metadata-store.ts';
import { pageOf } from '../../../src/server/page-of-objects.ts';
import { frameHeaderLength } from '../../../src/wire/frame.ts';
import { maxBatchBytes } from '../../../src/wire/limits.ts';
import { random } from '../../helpers/test-account.ts';

const place = (length: number): Place => ({ file: 1, offset: 8, length, crc: 1 });

test('a page has the first of what was asked for, up to the last byte of a body, and leaves none out between', () => {
  const ids = Array.from({ length: 4 }, () => newId<ObjectId>(random)) as [ObjectId, ObjectId, ObjectId, ObjectId];
  const [first, gone, second, small] = ids;
  const left = maxBatchBytes - 3 * frameHeaderLength - 1000;
  const pageWith = (length: number) =>
    pageOf(
      ids,
      new Map([
        [first, place(1000)],
        [second, place(length)],
        [small, place(1)],
      ]),
    );
  expect(pageWith(left)).toMatchObject({ page: [first, gone, second], bytes: maxBatchBytes });
  expect([...pageWith(left).held.keys()]).toEqual([first, second]);
  expect(pageWith(left + 1)).toMatchObject({ page: [first, gone], bytes: 1000 + 2 * frameHeaderLength });
});
