import { expect, it } from 'vitest';
import { openAesGcm } from '../../../src/crypto/aes-gcm.ts';
import { nativeXchacha, portableXchacha } from '../../../src/crypto/xchacha.ts';
import { expectStop } from '../../helpers/security.ts';

const ciphers = [
  { name: 'AES-256-GCM', open: openAesGcm, nonce: 12 },
  { name: 'XChaCha20-Poly1305', open: nativeXchacha.open, nonce: 24 },
  { name: 'XChaCha20-Poly1305 without OpenSSL', open: portableXchacha.open, nonce: 24 },
];

it.each(ciphers)('what is shorter than a tag is not authentic, like all else: $name', ({ open, nonce }) => {
  for (const length of [0, 5, 15]) {
    const opened = () => open(new Uint8Array(32), new Uint8Array(nonce), new Uint8Array(), new Uint8Array(length));
    expect(expectStop(opened, 'E_AUTH').kind).toBe('security');
  }
});
