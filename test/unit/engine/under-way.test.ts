import { expect, test } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import { underWay } from '../../../src/engine/transfer/under-way.ts';

const [one, two] = ['one', 'two'] as [NodeId, NodeId];
const never = new Promise<null>(() => undefined);
const now = Promise.resolve(null);

/** Works that end when they are told to, and when they are not wanted any more. */
function works() {
  const begun: { readonly name: string; readonly isWanted: () => boolean; readonly end: () => void }[] = [];
  const dropped: string[] = [];
  const all = underWay<string>(async (unused) => void dropped.push(unused));
  const join = (node: NodeId, key: string, left: Promise<null>) =>
    all.join(
      {
        node,
        key,
        begin: async (isWanted) => {
          const ended = Promise.withResolvers<void>();
          begun.push({ name: `${node} ${key}`, isWanted, end: ended.resolve });
          await ended.promise;
          if (key === 'bad') throw new Error('bad');
          return `${node} ${key}`;
        },
      },
      left,
    );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { all, begun, dropped, join, turn };
}

test('what a round leaves goes on, and the next one that asks for it gets what came of it', async () => {
  const { begun, dropped, join, turn } = works();
  expect(await join(one, 'a', now)).toBeNull();
  const again = join(one, 'a', never);
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  expect(await again).toBe('one a');
  // It was asked for, and begins anew from here on.
  void join(one, 'a', never);
  await turn();
  expect([begun.length, dropped]).toEqual([2, []]);
});

test('what ended between two rounds is there for the next one, a failure as well', async () => {
  const { begun, join, turn } = works();
  expect([await join(one, 'a', now), await join(two, 'bad', now)]).toEqual([null, null]);
  for (const { end } of begun) end();
  await turn();
  expect(await join(one, 'a', now)).toBe('one a');
  await expect(join(two, 'bad', now)).rejects.toThrow('bad');
  expect(begun).toHaveLength(2);
});

test('another content of the same node begins when the former has ended, which nobody gets', async () => {
  const { begun, dropped, join, turn } = works();
  await join(one, 'a', now);
  const other = join(one, 'b', never);
  await turn();
  expect(begun.map(({ name, isWanted }) => [name, isWanted()])).toEqual([['one a', false]]);
  begun[0]?.end();
  await turn();
  begun[1]?.end();
  expect(await other).toBe('one b');
  expect(dropped).toEqual(['one a']);
});

test('what is in the plan no more ends, and nothing runs after the end', async () => {
  const { all, begun, dropped, join, turn } = works();
  await join(one, 'a', now);
  await join(two, 'b', now);
  all.keepOnly(new Set([two]));
  expect(begun.map(({ isWanted }) => isWanted())).toEqual([false, true]);
  let hasEnded = false;
  const end = all.end().then(() => {
    hasEnded = true;
  });
  await turn();
  begun[1]?.end();
  await turn();
  expect([hasEnded, begun[1]?.isWanted()]).toEqual([false, false]);
  begun[0]?.end();
  await end;
  expect(dropped.toSorted()).toEqual(['one a', 'two b']);
});

test('what was given up and is wanted again begins when it has ended, for which can be waited', async () => {
  const { all, begun, join, turn } = works();
  await join(one, 'a', now);
  expect(all.ending()).toBeNull();
  all.keepOnly(new Set());
  const again = join(one, 'a', never);
  const ended = all.ending();
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]?.end();
  await ended;
  expect(all.ending()).toBeNull();
  await turn();
  begun[1]?.end();
  expect(await again).toBe('one a');
});
