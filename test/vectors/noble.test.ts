import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { HoldfastError } from '../../src/common/errors.ts';
import { isStrictEd25519 } from '../../src/crypto/sign.ts';
import type { Json, VectorFile } from './case.ts';
import { signatures } from './noble-primitives.ts';
import { readers, toJson } from './run-case.ts';

vi.mock('../../src/crypto/aes-gcm.ts', async () => (await import('./noble-primitives.ts')).aesGcm);
vi.mock('../../src/crypto/sha256.ts', async () => (await import('./noble-primitives.ts')).hashes);
vi.mock('../../src/crypto/hkdf.ts', async () => (await import('./noble-primitives.ts')).derivations);
vi.mock('../../src/crypto/sign.ts', async () => (await import('./noble-primitives.ts')).signatures);
vi.mock('../../src/crypto/x25519.ts', async () => (await import('./noble-primitives.ts')).agreements);

const folder = join(import.meta.dirname, 'formats');
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as VectorFile);

it('runs on @noble, or this file says nothing', () => {
  expect(isStrictEd25519).toBe(signatures.isStrictEd25519);
});

describe('without native code, the readers take and refuse the same', () => {
  // A second of Argon2id each, by the same library as in the reference.
  it.each(files.filter(({ format }) => format !== 'password'))('$format', async ({ format, cases }) => {
    for (const vector of cases) {
      let released: Json | undefined;
      let got: string = 'ok';
      let output: Json | undefined;
      try {
        const value = await readers[format]?.(vector.input, (given) => {
          released = given;
        });
        output = value === undefined ? undefined : toJson(value);
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        got = error.security ?? error.kind;
      }
      expect([vector.name, got]).toEqual([vector.name, vector.expect]);
      if (vector.expect === 'ok') expect([vector.name, output ?? null]).toEqual([vector.name, vector.output ?? null]);
      else expect([vector.name, released ?? null]).toEqual([vector.name, vector.released ?? null]);
    }
  });
});
