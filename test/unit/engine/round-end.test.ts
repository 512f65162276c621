import { expect, test } from 'vitest';
import { roundEnd } from '../../../src/engine/loop/round-end.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';

function round({
  isThere = false,
  again = null,
  plannedInMs = 0,
}: {
  isThere?: boolean;
  again?: number | null;
  plannedInMs?: number;
} = {}) {
  const clock = virtualClock();
  const listeners = new Set<() => void>();
  const listen = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const end = roundEnd({ clock, news: { isThere: () => isThere, listen }, again, leaveAfterMs: 1000, plannedInMs });
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return { clock, end, tell, listeners };
}

test('without news a round lasts until it is done', async () => {
  const { clock, end } = round();
  await clock.advance(100_000);
  expect([end.isLeft(), end.isDue()]).toEqual([false, false]);
});

test('what takes long is left a second after the round began, or at once when news come later', async () => {
  for (const { isThere, at } of [
    { isThere: true, at: 0 },
    { isThere: false, at: 300 },
  ]) {
    const { clock, end, tell } = round({ isThere });
    await clock.advance(at);
    tell();
    await clock.advance(990 - at);
    expect(end.isLeft()).toBe(false);
    await clock.advance(20);
    expect(end.isLeft()).toBe(true);
    expect(await end.left).toBeNull();
  }
  const { clock, end, tell } = round();
  await clock.advance(60_000);
  tell();
  await clock.advance(20);
  expect(end.isLeft()).toBe(true);
});

test('a plan that took long is carried out for longer, and yet not for more than ten seconds', async () => {
  for (const [plannedInMs, leftAfter] of [
    [250, 2500],
    [60_000, 10_000],
  ] as const) {
    const { clock, end } = round({ isThere: true, plannedInMs });
    await clock.advance(leftAfter - 10);
    expect(end.isLeft()).toBe(false);
    await clock.advance(20);
    expect(end.isLeft()).toBe(true);
  }
});

test('what is short is begun for ten seconds, whatever comes', async () => {
  const { clock, end } = round({ isThere: true });
  await clock.advance(9_990);
  expect(end.isDue()).toBe(false);
  await clock.advance(20);
  expect(end.isDue()).toBe(true);
});

test('what was not quiet yet is looked at again when it may be', async () => {
  const { clock, end } = round({ again: 5000 });
  await clock.advance(4990);
  expect(end.isLeft()).toBe(false);
  await clock.advance(50);
  expect(end.isLeft()).toBe(true);
});

test('nothing waits or listens after a round', async () => {
  const { clock, end, listeners } = round({ isThere: true, again: 100 });
  end.close();
  await clock.advance(5000);
  expect([end.isLeft(), listeners.size]).toEqual([false, 0]);
});
