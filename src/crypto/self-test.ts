import { concat, fromHex, isEqual } from '../common/bytes.ts';
import { HoldfastError, must } from '../common/errors.ts';
import type { ObjectId } from '../common/ids.ts';
import { openAesGcm, sealAesGcm } from './aes-gcm.ts';
import { openBox } from './box.ts';
import { decodeCbor } from './cbor.ts';
import { sealChunkWith } from './chunk.ts';
import { hkdfSha256 } from './hkdf.ts';
import { hpkeOpen } from './hpke.ts';
import { sha256 } from './sha256.ts';
import { isStrictEd25519, signingKey, signMessage } from './sign.ts';
import { agree, agreementKey } from './x25519.ts';
import { openXchacha } from './xchacha.ts';

const hex = (text: string): Uint8Array => must(fromHex(text));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const empty = new Uint8Array();

/** Whether an action is refused, as it has to be. */
function isRefused(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}

const gcmKey = hex('00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f');
const gcmSealed = hex('23293e9b07ca7d1b0cae7cc489a973b3ffffffffffffffffffffffffffffffff');
const gcmNonce = new Uint8Array(12);

/** Each check is a known answer of a public vector, or of ours, and where it matters a refusal. */
const checks: Readonly<Record<string, () => boolean>> = {
  'SHA-256': () =>
    isEqual(sha256(ascii('abc')), hex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')),
  'HKDF-SHA-256': () =>
    isEqual(
      hkdfSha256(hex('0b'.repeat(22)), hex('000102030405060708090a0b0c'), hex('f0f1f2f3f4f5f6f7f8f9'), 42),
      hex('3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'),
    ),
  'AES-256-GCM': () =>
    isEqual(sealAesGcm(gcmKey, gcmNonce, empty, hex('561008fa07a68f5c61285cd013464eaf')), gcmSealed) &&
    isEqual(openAesGcm(gcmKey, gcmNonce, empty, gcmSealed), hex('561008fa07a68f5c61285cd013464eaf')) &&
    isRefused(() => openAesGcm(gcmKey, gcmNonce, Uint8Array.of(0), gcmSealed)) &&
    [4, 8, 12].every((cut) => isRefused(() => openAesGcm(gcmKey, gcmNonce, empty, gcmSealed.subarray(0, -cut)))),
  'XChaCha20-Poly1305': () => {
    const key = hex('697c197c9e0023c8eee42ddf08c12c46718a436561b0c66d998c81879f7cb74c');
    const nonce = hex('cd78f4533c94648feacd5aef0291b00b454ee3dcdb76dcc8');
    const sealed = hex('b0e5e35f5332f91bdd2d28e59d68a0b141');
    const aad = hex('6384f4714ff18c18');
    return (
      isEqual(openXchacha(key, nonce, aad, sealed), hex('e1')) &&
      isRefused(() => openXchacha(key, nonce, empty, sealed))
    );
  },
  Ed25519: () => {
    const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const key = signingKey(hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'));
    const signature = hex(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    const own = signMessage('entry', ascii('abc'), key);
    const identity = concat(Uint8Array.of(1), new Uint8Array(31));
    return (
      isEqual(key.publicKey, publicKey) &&
      isStrictEd25519(hex('72'), signature, publicKey) &&
      !isStrictEd25519(hex('73'), signature, publicKey) &&
      isStrictEd25519(ascii('holdfast/1/entry\0abc'), own, publicKey) &&
      !isStrictEd25519(hex('72'), concat(identity, new Uint8Array(32)), identity)
    );
  },
  X25519: () => {
    const key = agreementKey(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
    const theirs = hex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    return (
      isEqual(agree(key, theirs), hex('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742')) &&
      isRefused(() => agree(key, new Uint8Array(32)))
    );
  },
  HPKE: () => {
    const key = agreementKey(hex('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb'));
    const sealed = hex(
      '1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28',
    );
    const info = hex('4f6465206f6e2061204772656369616e2055726e');
    const plain = ascii('Beauty is truth, truth beauty');
    return (
      isEqual(hpkeOpen(key, info, ascii('Count-0'), sealed), plain) &&
      isRefused(() => hpkeOpen(key, empty, ascii('Count-0'), sealed))
    );
  },
  encoding: () => decodeCbor(hex('1818')) === 24 && isRefused(() => decodeCbor(hex('1817'))),
  'small box': () => {
    const key = hex('00'.repeat(32));
    const box = hex(
      '686f6c64666173742073656c662d746573742073616c742164c5ee33ad75bd8b6a993797938ec71fcb07731fe0c29cd7d09b83d262f141101a74982c64ab69d7fedf05a5e113a9d11a5c29f0bd15cf03',
    );
    return (
      isEqual(openBox('entry', key, [1], box), ascii('holdfast')) &&
      isRefused(() => openBox('checkpoint', key, [1], box)) &&
      isRefused(() => openBox('entry', key, [2], box))
    );
  },
  chunk: () => {
    const id = '000102030405060708090a0b0c0d0e0f' as ObjectId;
    const { hash } = sealChunkWith(id, hex('07'.repeat(32)), ascii('holdfast'));
    return isEqual(hash, hex('01a1cabeba066d8c01e01816607fd85d97cce63c2864298d93866536e0bbe08d'));
  },
};

/**
 * Known answers of everything that seals, signs and hashes, but Argon2id (which is chosen by its own). A few
 * milliseconds. To be called at start, before any key is touched; throws `bug` with reason `self-test`, after which
 * nothing may run.
 */
export function runSelfTest(known: Readonly<Record<string, () => boolean>> = checks): void {
  for (const [name, isRight] of Object.entries(known)) {
    if (!isRefused(() => isRight() || fail())) continue;
    throw new HoldfastError('bug', `${name} gives wrong answers on this machine; Holdfast does not run on it.`, {
      reason: 'self-test',
      hint: 'Install Holdfast again, and report this with the output of `holdfast doctor`.',
    });
  }
}

function fail(): never {
  throw new Error('wrong answer');
}
