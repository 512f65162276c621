import { expect, it } from 'vitest';
import { type AccountId, newId } from '../../../src/common/ids.ts';
import { createTurns } from '../../../src/server/turns.ts';
import { random } from '../../helpers/test-account.ts';

it('who asks for much at once waits behind himself, and others do not', async () => {
  const turns = createTurns();
  const [greedy, other] = [newId<AccountId>(random), newId<AccountId>(random)];
  const order: string[] = [];
  const ask = (account: AccountId, name: string) => turns(account).then(() => void order.push(name));
  const all = [ask(greedy, 'a1'), ask(greedy, 'a2'), ask(greedy, 'a3'), ask(greedy, 'a4'), ask(other, 'b1')];
  await all[4];
  expect(order).toEqual(['a1', 'b1']);
  all.push(ask(other, 'b2'));
  await all[5];
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2']);
  await Promise.all(all);
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  await new Promise((later) => setImmediate(() => setImmediate(later)));
  await ask(greedy, 'a5');
  expect(order.at(-1)).toBe('a5');
});
