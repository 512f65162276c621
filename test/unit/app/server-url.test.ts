import { describe, expect, it } from 'vitest';
import { parseServerUrl } from '../../../src/app/own-server/server-url.ts';

describe("the server's address", () => {
  it.each([
    ['https://Sync.Example.org', 'https://sync.example.org'],
    ['https://sync.example.org:8443/', 'https://sync.example.org:8443'],
    ['sync.example.org', 'https://sync.example.org'],
    ['sync.example.org:8443', 'https://sync.example.org:8443'],
    ['127.0.0.1:8470', 'http://127.0.0.1:8470'],
    ['localhost:8470', 'http://localhost:8470'],
    ['[::1]:8470', 'http://[::1]:8470'],
    ['localhost', 'http://localhost'],
    ['https://localhost:8470', 'https://localhost:8470'],
    ['10.0.0.1:8470', 'https://10.0.0.1:8470'],
    ['127.0.0.1.example.org', 'https://127.0.0.1.example.org'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%s is %s', (text, origin) => {
    expect(parseServerUrl(text)).toBe(origin);
  });

  it.each([
    'http://sync.example.org',
    'http://127.0.0.1.example.org',
    'http://10.0.0.1',
    'http://0.0.0.0:80',
    'ftp://sync.example.org',
    'file:///etc/passwd',
    'https://user:secret@sync.example.org',
    'https://sync.example.org/path',
    'https://sync.example.org/?a=1',
    'https://',
    '',
    'no spaces please',
    'localhost:8470/path',
    'user:secret@localhost:8470',
  ])('refuses %j', (text) => {
    expect(() => parseServerUrl(text)).toThrow(expect.objectContaining({ kind: 'usage', reason: 'server-url' }));
  });
});
