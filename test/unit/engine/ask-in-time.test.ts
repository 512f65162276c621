import { beforeEach, expect, test } from 'vitest';
import { askInTime } from '../../../src/engine/ask-in-time.ts';
import { type VirtualClock, virtualClock } from '../../fakes/virtual-clock.ts';

let clock: VirtualClock;
let questions: PromiseWithResolvers<void>[];
let ask: () => Promise<void>;
/** Who went on, and when. */
let wentOn: string[];

beforeEach(() => {
  clock = virtualClock();
  questions = [];
  wentOn = [];
  ask = askInTime(
    () => {
      const question = Promise.withResolvers<void>();
      questions.push(question);
      return question.promise;
    },
    clock,
    1000,
  );
});

const wants = (who: string): void => void ask().then(() => wentOn.push(`${who} ${clock.monotonic()}`));

test('who asks goes on with the answer', async () => {
  wants('a');
  await clock.advance(100);
  expect(wentOn).toEqual([]);
  questions[0]?.resolve();
  await clock.advance(0);
  expect(wentOn).toEqual(['a 100']);
});

test('nobody waits longer than until a while after the question was asked, and it is asked once', async () => {
  wants('a');
  await clock.advance(600);
  wants('b');
  await clock.advance(5000);
  expect(wentOn).toEqual(['a 1000', 'b 1000']);
  wants('c');
  await clock.advance(0);
  expect(wentOn).toEqual(['a 1000', 'b 1000', 'c 5600']);
  expect(questions).toHaveLength(1);
});

test('what was answered, late or in time, is asked anew', async () => {
  wants('a');
  await clock.advance(2000);
  questions[0]?.resolve();
  await clock.advance(0);
  wants('b');
  await clock.advance(10);
  expect(questions).toHaveLength(2);
  expect(wentOn).toEqual(['a 1000']);
});

test('a refusal in time is told; one that comes later is nobody’s', async () => {
  const first = ask();
  questions[0]?.reject(new Error('no'));
  await expect(first).rejects.toThrow('no');
  wants('b');
  await clock.advance(2000);
  questions[1]?.reject(new Error('no'));
  await clock.advance(0);
  expect(wentOn).toEqual(['b 1000']);
});
