import { expect, test } from 'vitest';
import { type AccountId, newId } from '../../../src/common/ids.ts';
import { createKnownPlaces } from '../../../src/server/known-places.ts';
import { random } from '../../helpers/test-account.ts';

test('an address is known of the account that signed in from there, and of no other one', () => {
  const places = createKnownPlaces();
  const [one, other] = [newId<AccountId>(random), newId<AccountId>(random)];
  places.add(one, '192.0.2.1');
  expect([places.has(one, '192.0.2.1'), places.has(other, '192.0.2.1'), places.has(one, '192.0.2.2')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('of so many at most, those where somebody signed in last', () => {
  const places = createKnownPlaces();
  const account = newId<AccountId>(random);
  for (let i = 0; i < 20_000; i++) places.add(account, `address ${i}`);
  places.add(account, 'address 0');
  places.add(account, 'one more');
  expect([0, 1, 2].map((i) => places.has(account, `address ${i}`))).toEqual([true, false, true]);
});
