import { getSystemErrorName } from 'node:util';
import { expect, test } from 'vitest';
import { diskReason } from '../../../src/common/disk-error.ts';
import { errnoOf } from '../../../src/common/errno.ts';
import { mapErrno } from '../../../src/local/map-errno.ts';

/** As Node's fs throws it. */
const failure = (errno: number): Error => Object.assign(new Error('write'), { errno, code: getSystemErrorName(errno) });

test('a quota that is used up is a full disk, though Node knows only its number', () => {
  for (const number of [-122, -69]) {
    expect(errnoOf(failure(number))).toBe('EDQUOT');
    expect(diskReason(mapErrno(failure(number)))).toBe('disk-full');
  }
  expect(errnoOf(failure(-28))).toBe('ENOSPC');
  expect(errnoOf(new Error('no code'))).toBeNull();
});
