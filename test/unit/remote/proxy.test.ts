import { expect, it } from 'vitest';
import { systemProxy } from '../../../src/app/host/system-proxy.ts';
import { environmentProxy } from '../../../src/remote/environment-proxy.ts';

const server = 'https://sync.example.org';
const from = async (environment: Record<string, string>, origin = server): Promise<string | null> =>
  (await environmentProxy(environment)?.(origin))?.href ?? null;
const bySystem = async (answer: string, origin = server): Promise<string | null> =>
  (await systemProxy(async () => answer)(origin))?.href ?? null;

it('is taken from the environment, small letters first', async () => {
  expect(environmentProxy({})).toBeNull();
  expect(environmentProxy({ HTTPS_PROXY: ' ', HTTP_PROXY: 'http://plain:1' })).toBeNull();
  expect(await from({ HTTPS_PROXY: 'http://proxy:3128' })).toBe('http://proxy:3128/');
  expect(await from({ HTTPS_PROXY: 'http://large:1', https_proxy: 'http://small:1' })).toBe('http://small:1/');
  expect(await from({ ALL_PROXY: 'https://all:1', HTTPS_PROXY: 'proxy:3128' })).toBe('http://proxy:3128/');
  expect(await from({ all_proxy: 'https://all:1' })).toBe('https://all:1/');
});

it('is not used for this computer, nor for what NO_PROXY lists', async () => {
  const HTTPS_PROXY = 'http://proxy:3128';
  for (const origin of ['http://127.0.0.1:8470', 'https://localhost', 'http://[::1]:8470']) {
    expect(await from({ HTTPS_PROXY }, origin), origin).toBeNull();
    expect(await bySystem('PROXY proxy:3128', origin), origin).toBeNull();
  }
  const lists = [
    'sync.example.org',
    'a.org, .example.org',
    'example.org',
    '*.example.org',
    '*',
    'SYNC.example.org:443',
  ];
  for (const NO_PROXY of lists) expect(await from({ HTTPS_PROXY, NO_PROXY }), NO_PROXY).toBeNull();
  for (const NO_PROXY of ['', 'ample.org', 'sync.example.org:8443', 'org.example', 'sync.example.org.evil']) {
    expect(await from({ HTTPS_PROXY, NO_PROXY }), NO_PROXY).toBe('http://proxy:3128/');
  }
  expect(await from({ HTTPS_PROXY, NO_PROXY: '10.0.0.7' }, 'https://10.0.0.7:8443')).toBeNull();
  for (const NO_PROXY of ['2001:db8::7', '[2001:db8::7]:8443']) {
    expect(await from({ HTTPS_PROXY, NO_PROXY }, 'https://[2001:db8::7]:8443'), NO_PROXY).toBeNull();
  }
});

it('is refused, by the name of who said it, if it does not speak HTTP', async () => {
  const refused = { kind: 'usage', reason: 'proxy' };
  for (const HTTPS_PROXY of ['socks5://proxy:1080', 'http://', 'http://a b', 'http://proxy:99999']) {
    await expect(from({ HTTPS_PROXY }), HTTPS_PROXY).rejects.toMatchObject(refused);
    await expect(from({ HTTPS_PROXY })).rejects.toThrow('HTTPS_PROXY names no proxy that can be used');
  }
});

it('is the first of the system’s answer that speaks HTTP', async () => {
  expect(await bySystem('DIRECT')).toBeNull();
  expect(await bySystem('PROXY proxy:3128; DIRECT')).toBe('http://proxy:3128/');
  expect(await bySystem('SOCKS5 socks:1080; HTTPS proxy:443')).toBe('https://proxy/');
  expect(await bySystem('SOCKS socks:1080;DIRECT;PROXY proxy:3128')).toBeNull();
  expect(await bySystem('')).toBeNull();
});

it('is refused where the system allows neither one that speaks HTTP nor to go without', async () => {
  for (const answer of ['SOCKS5 socks:1080', 'SOCKS socks:1080; SOCKS5 socks:1080', 'nonsense']) {
    await expect(bySystem(answer), answer).rejects.toThrow('What the system is set to names no proxy that can be used');
  }
});
