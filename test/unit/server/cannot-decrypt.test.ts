import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../helpers/run.ts';

const source = join(repository, 'src');

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
}

/** All files that the server's code reaches, with what they import from outside. */
function reach(): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = readdirSync(join(source, 'server'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(source, 'server', name));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) open.push(join(dirname(file), name));
      else packages.add(name);
    }
  }
  return { files: new Set([...files].map((file) => relative(source, file))), packages };
}

it('the server reaches no code that opens anything', () => {
  const { files, packages } = reach();
  expect(files.has('crypto/entry-header.ts')).toBe(true);
  const folders = new Set([...files].map((file) => file.split('/')[0]));
  expect([...folders].sort()).toEqual(['common', 'crypto', 'server', 'wire']);
  const decrypting = /aes|chacha|box|chunk|hpke|argon|password|grant\.ts|derive|device-state|recovery|account-keys/;
  expect([...files].filter((file) => file.startsWith('crypto/') && decrypting.test(file))).toEqual([]);
  expect([...packages].filter((name) => name.startsWith('@noble/ciphers'))).toEqual([]);
});
