import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/common/clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { createBandwidth } from '../../../src/remote/bandwidth.ts';
import { type CallParts, createCalls } from '../../../src/remote/calls.ts';
import { batchesOf } from '../../../src/remote/put-objects.ts';
import { backOff, defaultRetry, retry } from '../../../src/remote/retry.ts';
import { parseServerOrigin } from '../../../src/remote/server-origin.ts';
import { addressKey, createRateLimits, defaultRates, isLoopback } from '../../../src/server/rate-limits.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';
import { makeObject } from '../../helpers/test-account.ts';

/** Time that passes only in sleep. */
function sleepyClock(): Clock & { readonly slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    monotonic: () => time,
    sleep: async (ms) => {
      slept.push(ms);
      time += ms;
    },
  };
}

describe('a server’s address', () => {
  it.each([
    ['https://sync.example.org', 'https://sync.example.org'],
    [' HTTPS://Sync.Example.org:443/ ', 'https://sync.example.org'],
    ['https://sync.example.org:8443', 'https://sync.example.org:8443'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost:4000/', 'http://localhost:4000'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
  ])('%s is dialled as %s', (text, origin) => {
    expect(parseServerOrigin(text)).toBe(origin);
  });

  it.each([
    'http://sync.example.org',
    'http://10.0.0.1:4000',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'https://user:secret@sync.example.org',
    'https://user@sync.example.org',
    'https://sync.example.org/path',
    'https://sync.example.org?x',
    'https://sync.example.org#x',
    'ftp://sync.example.org',
    'file:///etc/passwd',
    'sync.example.org',
    '',
  ])('%j is refused', (text) => {
    expect(() => parseServerOrigin(text)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('a session that is over', () => {
  it('is not waited for longer than its caller waits', async () => {
    const over = { error: { kind: 'refused', reason: 'session', message: 'The session is over.' } };
    const late = Promise.withResolvers<void>();
    let token = 'old';
    const json = {
      send: async (request: { readonly token: string | null }) =>
        request.token === 'old'
          ? { status: 401, body: Buffer.from(JSON.stringify(over)) }
          : { status: 200, body: Buffer.from(JSON.stringify({ limit: null, used: 1, pending: 0 })) },
    } as unknown as CallParts['json'];
    const calls = createCalls({
      account: json,
      json,
      bulk: null as unknown as CallParts['bulk'],
      retry: { clock: sleepyClock(), random: { bytes: (n) => new Uint8Array(n) }, policy: defaultRetry },
      reach: { answered: () => undefined } as CallParts['reach'],
      token: () => token,
      renew: () => late.promise,
    });
    const impatient = new AbortController();
    const patient = calls.json('quota', { signal: new AbortController().signal });
    const asked = calls.json('quota', { signal: impatient.signal });
    await new Promise((resolve) => setImmediate(resolve));
    impatient.abort(new HoldfastError('offline', 'too late'));
    await expect(asked).rejects.toThrow('too late');
    token = 'new';
    late.resolve();
    expect(await patient).toMatchObject({ used: 1 });
  });
});

describe('bandwidth', () => {
  it('keeps to its limit for all who share it, after a short burst', async () => {
    const clock = sleepyClock();
    const bandwidth = createBandwidth(clock);
    bandwidth.setLimit('up', 1000);
    for (let taken = 0; taken < 10_000; taken += 500) await bandwidth.take('up', 500);
    expect(clock.monotonic()).toBeGreaterThanOrEqual(9800);
    expect(clock.monotonic()).toBeLessThanOrEqual(10_000);
    await bandwidth.take('down', 1e9);
    expect(clock.monotonic()).toBeLessThanOrEqual(10_000);
    bandwidth.setLimit('up', null);
    await bandwidth.take('up', 1e9);
    expect(clock.monotonic()).toBeLessThanOrEqual(10_000);
  });

  it('holds nobody to a limit that is no more, and everybody to one that is set once more', async () => {
    const clock = virtualClock();
    const bandwidth = createBandwidth(clock);
    bandwidth.setLimit('down', 1024);
    let passed = 0;
    const takes = [1, 2, 3].map(() => bandwidth.take('down', 64 * 1024).then(() => passed++));
    bandwidth.setLimit('down', 1024);
    await clock.advance(63_000);
    expect(passed).toBe(0);
    await clock.advance(2000);
    expect(passed).toBe(1);
    bandwidth.setLimit('down', null);
    await Promise.all(takes);
    const stop = new AbortController();
    bandwidth.setLimit('down', 1024);
    const stopped = bandwidth.take('down', 64 * 1024, stop.signal);
    stop.abort(new Error('enough'));
    await expect(stopped).rejects.toThrow('enough');
  });
});

describe('retry', () => {
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const policy = { tries: 5, first: 100, longest: 400, within: 60_000 };
  const offline = (retryAfter?: number) =>
    new HoldfastError('offline', 'later', retryAfter === undefined ? {} : { retryAfter });

  it('waits twice as long each time, up to the longest', async () => {
    const clock = sleepyClock();
    const never = new AbortController().signal;
    await expect(retry({ clock, random, policy }, never, () => Promise.reject(offline()))).rejects.toThrow('later');
    expect(clock.slept).toEqual([100, 200, 400, 400]);
    const jittered = backOff(policy, { bytes: (length) => new Uint8Array(length).fill(255) }, 1);
    expect(jittered).toBeGreaterThanOrEqual(50);
    expect(jittered).toBeLessThan(51);
  });

  it('is not begun again when that took long already, as where nobody answers', async () => {
    const clock = sleepyClock();
    let tries = 0;
    const silent = async (): Promise<never> => {
      tries++;
      await clock.sleep(40_000);
      throw offline();
    };
    await expect(retry({ clock, random, policy }, new AbortController().signal, silent)).rejects.toThrow('later');
    expect(tries).toBe(2);
  });

  it('does not come before the server said', async () => {
    const clock = sleepyClock();
    let tries = 0;
    const result = await retry({ clock, random, policy }, new AbortController().signal, async () => {
      if (++tries === 1) throw offline(350);
      return tries;
    });
    expect(result).toBe(2);
    expect(clock.slept).toEqual([350]);
  });
});

describe('batches', () => {
  it('hold about four mebibytes, whole objects, in order', () => {
    const objects = [...Array.from({ length: 300 }, () => makeObject(40_000)), makeObject(4_194_320), makeObject()];
    const batches = [...batchesOf(objects)];
    expect(batches.flat()).toEqual(objects);
    for (const batch of batches) {
      const size = batch.reduce((sum, { bytes }) => sum + bytes.length + 20, 0);
      expect(size).toBeLessThanOrEqual(4_194_304 + 65_536);
    }
    expect(batches.length).toBe(4);
  });
});

describe('rates', () => {
  it('let a burst through, then so many a second, and say when to come again', async () => {
    const clock = sleepyClock();
    const rates = createRateLimits(clock, { ...defaultRates, login: { burst: 3, perSecond: 0.5 } });
    for (let count = 0; count < 3; count++) expect(rates.take('login', 'a', false)).toBe(0);
    expect(rates.take('login', 'a', false)).toBe(2000);
    expect(rates.take('login', 'b', false)).toBe(0);
    await clock.sleep(2000);
    expect(rates.take('login', 'a', false)).toBe(0);
    expect(rates.take('login', 'a', false)).toBe(2000);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('count %s as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('know who is on this machine', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.9.1'].every(isLoopback)).toBe(true);
    expect(['10.0.0.1', '::2', '128.0.0.1', '::ffff:10.0.0.1'].some(isLoopback)).toBe(false);
  });
});
