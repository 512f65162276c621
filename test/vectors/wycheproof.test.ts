import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gcm } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import { openAesGcm, sealAesGcm } from '../../src/crypto/aes-gcm.ts';
import { hkdfSha256 } from '../../src/crypto/hkdf.ts';
import { chooseLocalHash } from '../../src/crypto/local-hash.ts';
import { isStrictEd25519 } from '../../src/crypto/sign.ts';
import { agree, agreementKey } from '../../src/crypto/x25519.ts';
import { nativeXchacha, portableXchacha, type Xchacha } from '../../src/crypto/xchacha.ts';
import { expectStop } from '../helpers/security.ts';
import { refEd25519 } from './reference.ts';

type Test<Field extends string> = { readonly [key in Field]: string } & {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid';
};

function load<Field extends string>(name: string): readonly Test<Field>[] {
  const file = readFileSync(join(import.meta.dirname, 'wycheproof', `${name}.json`), 'utf8');
  return (JSON.parse(file) as { tests: readonly Test<Field>[] }).tests;
}

const bytes = (hex: string): Uint8Array => must(fromHex(hex));

describe('Ed25519', () => {
  it.each(load<'pk' | 'msg' | 'sig'>('ed25519'))('$tcId $comment: $result, native and @noble', (test) => {
    const isValid = test.result === 'valid';
    expect(isStrictEd25519(bytes(test.msg), bytes(test.sig), bytes(test.pk))).toBe(isValid);
    expect(refEd25519(bytes(test.msg), bytes(test.sig), bytes(test.pk))).toBe(isValid);
  });
});

describe('X25519', () => {
  it.each(load<'public' | 'private' | 'shared'>('x25519'))('$tcId $comment: $result, native and @noble', (test) => {
    const key = agreementKey(bytes(test.private));
    if (test.result === 'invalid') {
      expectStop(() => agree(key, bytes(test.public)), 'E_AUTH');
      expect(() => x25519.getSharedSecret(bytes(test.private), bytes(test.public))).toThrow();
      return;
    }
    expect(toHex(agree(key, bytes(test.public)))).toBe(test.shared);
    expect(toHex(x25519.getSharedSecret(bytes(test.private), bytes(test.public)))).toBe(test.shared);
  });
});

describe('AEADs', () => {
  const sealOne =
    ({ sealer }: Xchacha) =>
    (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array =>
      sealer(key, nonce)(nonce, aad, plain);
  const ciphers = {
    aes_gcm: { seal: sealAesGcm, open: openAesGcm, noble: gcm },
    xchacha20_poly1305: { seal: sealOne(nativeXchacha), open: nativeXchacha.open, noble: xchacha20poly1305 },
    'xchacha20_poly1305 without OpenSSL': {
      seal: sealOne(portableXchacha),
      open: portableXchacha.open,
      noble: xchacha20poly1305,
    },
  };
  describe.each(Object.keys(ciphers) as (keyof typeof ciphers)[])('%s', (name) => {
    const { seal, open, noble } = ciphers[name];
    const [vectors = name] = name.split(' ');
    it.each(load<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag'>(vectors))('$tcId $comment: $result', (test) => {
      const [key, iv, aad, msg] = [bytes(test.key), bytes(test.iv), bytes(test.aad), bytes(test.msg)];
      const sealed = bytes(test.ct + test.tag);
      if (test.result === 'invalid') {
        expectStop(() => open(key, iv, aad, sealed), 'E_AUTH');
        expect(() => noble(key, iv, aad).decrypt(sealed)).toThrow();
        return;
      }
      expect(toHex(open(key, iv, aad, sealed))).toBe(test.msg);
      expect(toHex(seal(key, iv, aad, msg))).toBe(test.ct + test.tag);
      expect(toHex(noble(key, iv, aad).encrypt(msg))).toBe(test.ct + test.tag);
    });
  });
});

describe('HKDF-SHA-256', () => {
  it.each(load<'ikm' | 'salt' | 'info' | 'okm'>('hkdf_sha256'))('$tcId $comment', (test) => {
    const [ikm, salt, info] = [bytes(test.ikm), bytes(test.salt), bytes(test.info)];
    const size = test.okm.length / 2;
    expect(toHex(hkdfSha256(ikm, salt, info, size))).toBe(test.okm);
    expect(toHex(hkdf(sha256, ikm, salt, info, size))).toBe(test.okm);
  });
});

describe('HMAC-SHA-256, the local hash without its addon', () => {
  const ours = chooseLocalHash(() => {
    throw new Error('no addon');
  });
  it.each(load<'key' | 'msg' | 'tag'>('hmac_sha256'))('$tcId $comment: $result', (test) => {
    const isValid = test.result === 'valid';
    const [key, msg] = [bytes(test.key), bytes(test.msg)];
    expect(toHex(ours.hash(key, msg)) === test.tag).toBe(isValid);
    expect(createHmac('sha256', key).update(msg).digest('hex') === test.tag).toBe(isValid);
    expect(toHex(hmac(sha256, key, concat(msg))) === test.tag).toBe(isValid);
  });
});
