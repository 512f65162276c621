import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { boundFeed, lengthOf } from '../../../main/bound-feed.ts';

type Judge = (details: object, answer: (judged: { cancel?: boolean }) => void) => void;

describe('[P9] what the updater asks', () => {
  const judges: { before?: Judge; headers?: Judge } = {};
  const webRequest = {
    onBeforeRequest: (before: Judge) => Object.assign(judges, { before }),
    onHeadersReceived: (headers: Judge) => Object.assign(judges, { headers }),
  };
  const bound = boundFeed({ webRequest } as unknown as Session, new URL('https://updates.example.org/holdfast/'));
  const isStopped = (judge: Judge | undefined, details: object): boolean | undefined => {
    let said: boolean | undefined;
    judge?.(details, ({ cancel }) => {
      said = cancel;
    });
    return said;
  };
  const isTooLong = (bytes: number) =>
    isStopped(judges.headers, { responseHeaders: { 'Content-Length': [`${bytes}`] } });

  it('goes to the feed’s origin alone', () => {
    expect(isStopped(judges.before, { url: 'https://updates.example.org/holdfast/latest.yml?noCache=1' })).toBe(false);
    for (const url of [
      'https://example.org/latest.yml',
      'http://updates.example.org/x',
      'https://updates.example.org:8443/x',
    ]) {
      expect([url, isStopped(judges.before, { url })]).toEqual([url, true]);
    }
  });

  it('is answered with what a list needs, and with a file while one is fetched', async () => {
    expect([65_536, 65_537].map(isTooLong)).toEqual([false, true]);
    await bound.allowing(1_000_000, async () => expect([1_000_000, 1_000_001].map(isTooLong)).toEqual([false, true]));
    const failing = bound.allowing(1_000_000, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(isTooLong(65_537)).toBe(true);
  });

  it('is answered by who says how long the answer is', () => {
    expect(isStopped(judges.headers, {})).toBe(true);
    expect(lengthOf({ 'content-length': ['17'], 'content-encoding': ['identity'] })).toBe(17);
    for (const headers of [
      {},
      { 'content-length': [] },
      { 'content-length': ['17', '18'] },
      { 'content-length': ['-1'] },
      { 'content-length': ['1e3'] },
      { 'Content-Length': ['17'], 'Content-Encoding': ['gzip'] },
      { 'transfer-encoding': ['chunked'] },
    ]) {
      expect([headers, lengthOf(headers)]).toEqual([headers, null]);
    }
  });
});
