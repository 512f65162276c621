import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createByteBudget } from '../../../src/server/byte-budget.ts';
import { bodyLength, readBody } from '../../../src/server/http/read-body.ts';
import { createRateLimits, defaultRates } from '../../../src/server/rate-limits.ts';

const still = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };
const requestOf = (body: string, length?: string): IncomingMessage =>
  Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
    headers: length === undefined ? {} : { 'content-length': length },
  }) as unknown as IncomingMessage;

describe('how often one may ask', () => {
  const rates = { ...defaultRates, login: { burst: 2, perSecond: 1 } };

  it('is counted for each who asks, and says how long to wait', () => {
    const limits = createRateLimits(still, rates);
    expect(['a', 'a', 'a', 'b'].map((key) => limits.take('login', key, false))).toEqual([0, 0, 1000, 0]);
  });

  it('is remembered of so many at most', () => {
    const limits = createRateLimits(still, rates);
    for (let n = 0; n < 3; n++) limits.take('login', 'first', false);
    for (let n = 0; n < 50_000; n++) limits.take('login', `other ${n}`, false);
    expect(limits.take('login', 'first', false)).toBe(0);
  });
});

describe('memory for bodies', () => {
  const isGiven = async (taking: Promise<unknown>) =>
    (await Promise.race([taking.then(() => true), new Promise(setImmediate)])) === true;

  it('is given out as far as it goes; who comes later waits', async () => {
    const budget = createByteBudget(100);
    const giveBack = await budget.take(60, 'a');
    const second = budget.take(60, 'b');
    expect(await isGiven(second)).toBe(false);
    expect(await isGiven(budget.take(10, 'c'))).toBe(false);
    giveBack();
    expect(await isGiven(second)).toBe(true);
  });

  it('is not all given to one: who holds his half waits, and nobody behind him', async () => {
    const budget = createByteBudget(100);
    const first = await budget.take(30, 'slow');
    const more = budget.take(30, 'slow');
    const other = budget.take(40, 'other');
    expect([await isGiven(more), await isGiven(other)]).toEqual([false, true]);
    first();
    expect(await isGiven(more)).toBe(true);
  });

  it('is given for one body to whoever has none, as long as there is any', async () => {
    const budget = createByteBudget(100);
    expect(await isGiven(budget.take(90, 'a'))).toBe(true);
    expect(await isGiven(budget.take(10, 'b'))).toBe(true);
    expect(await isGiven(budget.take(1, 'c'))).toBe(false);
  });

  it('is waited for by so many at most, and by fewer of one', async () => {
    const budget = createByteBudget(1);
    await budget.take(1, 'x');
    const busy = { reason: 'busy' };
    for (let n = 0; n < 100; n++) void budget.take(1, 'a');
    await expect(Promise.race([budget.take(1, 'a'), new Promise(setImmediate)])).rejects.toMatchObject(busy);
    for (let n = 0; n < 900; n++) void budget.take(1, `b ${n}`);
    await expect(Promise.race([budget.take(1, 'c'), new Promise(setImmediate)])).rejects.toMatchObject(busy);
  });
});

describe('a body', () => {
  it.each([[undefined], ['x'], ['-1'], ['1.5'], ['1e999']])('of length %s is not read', (length) => {
    expect(() => bodyLength(requestOf('', length), 10)).toThrow(expect.objectContaining({ reason: 'content-length' }));
  });

  it('may have as many bytes as it is allowed, and no more', () => {
    expect(bodyLength(requestOf('', '10'), 10)).toBe(10);
    expect(() => bodyLength(requestOf('', '11'), 10)).toThrow(expect.objectContaining({ reason: 'too-large' }));
  });

  it.each(['', 'abc', 'abcde'])('%j is not taken for one of four bytes', async (body) => {
    await expect(readBody(requestOf(body), new Uint8Array(4))).rejects.toMatchObject({ reason: 'content-length' });
  });
});
