import { expect, test } from 'vitest';
import { isLoopbackHost } from '../../../src/common/loopback.ts';

const host = (url: string): string => new URL(url).hostname;

test('a host that is this very computer, and names that only look like one', () => {
  const here = ['http://localhost', 'http://127.0.0.1', 'http://127.8.9.1:80', 'http://[::1]', 'http://2130706433'];
  expect(here.map(host).filter((each) => !isLoopbackHost(each))).toEqual([]);
  const elsewhere = ['http://127.0.0.1.example.org', 'http://localhost.example.org', 'http://10.0.0.1', 'http://[::2]'];
  expect(elsewhere.map(host).filter(isLoopbackHost)).toEqual([]);
});
