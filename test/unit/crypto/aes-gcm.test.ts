import { expect, it } from 'vitest';
import { openAesGcm } from '../../../src/crypto/aes-gcm.ts';
import { expectStop } from '../../helpers/security.ts';

it('what is shorter than a tag is not authentic, like all else', () => {
  for (const length of [0, 5, 15]) {
    const open = () => openAesGcm(new Uint8Array(32), new Uint8Array(12), new Uint8Array(), new Uint8Array(length));
    expect(expectStop(open, 'E_AUTH').kind).toBe('security');
  }
});
