import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../helpers/run.ts';
import { sourceFacts } from '../../house/source-facts.ts';

const folder = 'src/app/rescue';
const files = readdirSync(join(repository, folder)).filter((name) => name.endsWith('.ts'));

/** Ways of the disk, with nothing read. */
const handling = ['src/app/home/make-folders.ts', 'src/app/home/replace-file.ts'];

/** Primitives, and what turns their failures into words. No format is read by code that the syncing client reads it with. */
const primitives = [
  'aes-gcm',
  'cbor',
  'constant-time',
  'failure',
  'hkdf',
  'hpke',
  'recovery',
  'sha256',
  'sign',
  'x25519',
  'xchacha',
];

describe('the rescue is a second reader', () => {
  it.each(files)('%s shares nothing with the first but primitives', (name) => {
    const { imports } = sourceFacts(name, readFileSync(join(repository, folder, name), 'utf8'));
    for (const { target } of imports) {
      const path = target?.startsWith('.') ? posix.join(folder, target) : (target ?? 'computed');
      const isAllowed =
        path.startsWith(`${folder}/`) ||
        path.startsWith('src/common/') ||
        handling.includes(path) ||
        primitives.some((primitive) => path === `src/crypto/${primitive}.ts`) ||
        path.startsWith('node:') ||
        path === 'better-sqlite3';
      expect(isAllowed, `${name} imports ${path}`).toBe(true);
    }
  });
});
