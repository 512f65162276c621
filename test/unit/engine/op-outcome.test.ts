import { expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { outcomeOf } from '../../../src/engine/op-outcome.ts';

test('what the server lacks holds up one file; a vault that it lacks ends the round, and is told once', () => {
  const lacks = (reason: string) => outcomeOf(new HoldfastError('missing', 'gone', { reason }), null);
  expect(lacks('object')).toMatchObject({ status: 'blocked' });
  expect(lacks('vault')).toMatchObject({ status: 'stopped', error: { reason: 'vault' } });
});
