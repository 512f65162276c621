import { argon2Sync } from 'node:crypto';
import { argon2id } from '@noble/hashes/argon2.js';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/common/bytes.ts';
import { must } from '../../../src/common/errors.ts';
import { hpkeOpen, hpkeSeal } from '../../../src/crypto/hpke.ts';
import { isStrictEd25519, signingKey } from '../../../src/crypto/sign.ts';
import { agree, agreementKey } from '../../../src/crypto/x25519.ts';
import { expectStop } from '../../helpers/security.ts';
import { refHpkeOpen, refSeedPublic } from '../../vectors/reference.ts';

const hex = (text: string): Uint8Array => must(fromHex(text.replaceAll(/\s/g, '')));

describe('RFC 8032, 7.1', () => {
  const tests = [
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature: `e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
                  5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b`,
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature: `92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
                  085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00`,
    },
    {
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature: `6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac
                  18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a`,
    },
  ];

  it.each(tests)('$message', ({ seed, publicKey, message, signature }) => {
    expect(toHex(signingKey(hex(seed)).publicKey)).toBe(publicKey);
    expect(toHex(refSeedPublic(hex(seed)))).toBe(publicKey);
    expect(isStrictEd25519(hex(message), hex(signature), hex(publicKey))).toBe(true);
    expect(isStrictEd25519(hex(`${message}00`), hex(signature), hex(publicKey))).toBe(false);
  });
});

describe('RFC 7748, 6.1', () => {
  it('gives both sides the same secret', () => {
    const alice = agreementKey(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
    const bob = agreementKey(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
    expect(toHex(alice.publicKey)).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    const secret = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(toHex(agree(alice, bob.publicKey))).toBe(secret);
    expect(toHex(agree(bob, alice.publicKey))).toBe(secret);
  });
});

describe('RFC 9180, A.2.1', () => {
  const info = hex('4f6465206f6e2061204772656369616e2055726e');
  const ephemeral = hex('f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600');
  const recipientPrivate = hex('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb');
  const recipientPublic = hex('4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a');
  const enc = '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a';
  const aad = hex('436f756e742d30');
  const plain = hex('4265617574792069732074727574682c20747275746820626561757479');
  const sealed = hex(
    `${enc}1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28`,
  );

  it('seals and opens to the byte', () => {
    const recipient = agreementKey(recipientPrivate);
    expect(toHex(recipient.publicKey)).toBe(toHex(recipientPublic));
    expect(toHex(hpkeSeal(recipientPublic, info, aad, plain, ephemeral))).toBe(toHex(sealed));
    expect(toHex(hpkeOpen(recipient, info, aad, sealed))).toBe(toHex(plain));
    expect(toHex(refHpkeOpen(recipientPrivate, info, aad, sealed.slice(0, 32), sealed.slice(32)))).toBe(toHex(plain));
  });

  it('refuses other info, other data and anything shortened', () => {
    const recipient = agreementKey(recipientPrivate);
    expectStop(() => hpkeOpen(recipient, aad, aad, sealed), 'E_AUTH');
    expectStop(() => hpkeOpen(recipient, info, info, sealed), 'E_AUTH');
    expectStop(() => hpkeOpen(recipient, info, aad, sealed.slice(0, -4)), 'E_AUTH');
    for (const length of [47, 32, 31, 1, 0]) {
      expectStop(() => hpkeOpen(recipient, info, aad, sealed.slice(0, length)), 'E_AUTH');
    }
  });
});

describe('RFC 9106, 5.3', () => {
  // Our own engines take neither secret nor associated data; their known answer is made by these two, which do.
  it('is what Argon2id gives, native and @noble', () => {
    const fill = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
    const tag = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659';
    const noble = argon2id(fill(32, 1), fill(16, 2), {
      m: 32,
      t: 3,
      p: 4,
      dkLen: 32,
      key: fill(8, 3),
      personalization: fill(12, 4),
    });
    expect(toHex(noble)).toBe(tag);
    const native = argon2Sync('argon2id', {
      message: fill(32, 1),
      nonce: fill(16, 2),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
      secret: fill(8, 3),
      associatedData: fill(12, 4),
    });
    expect(native.toString('hex')).toBe(tag);
  });
});
