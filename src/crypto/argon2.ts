import { concat, fromHex, isEqual } from '../common/bytes.ts';
import { HoldfastError, must } from '../common/errors.ts';
import type { KdfParams } from './kdf.ts';

/** Argon2id (RFC 9106, version 0x13) to 64 bytes. */
type Argon2 = (password: Uint8Array, kdf: KdfParams) => Promise<Uint8Array>;

export interface Argon2Engine {
  readonly name: string;
  readonly run: Argon2;
}

const length = 64;

/**
 * The ways to compute Argon2id, fastest first. Electron's BoringSSL lacks the first; the second needs a prebuilt addon;
 * the last always loads. The first two leave the main thread free, the fourth yields now and then.
 */
export const argon2Loaders: readonly { readonly name: string; readonly load: () => Promise<Argon2> }[] = [
  { name: 'node:crypto', load: loadNode },
  { name: '@node-rs/argon2', load: loadAddon },
  { name: 'hash-wasm', load: loadWasm },
  { name: '@noble/hashes', load: loadNoble },
];

async function loadNode(): Promise<Argon2> {
  const { argon2 } = await import('node:crypto');
  return (message, kdf) =>
    new Promise((resolve, reject) => {
      const cost = { memory: kdf.memoryKiB, passes: kdf.passes, parallelism: kdf.lanes };
      argon2('argon2id', { message, nonce: kdf.salt, tagLength: length, ...cost }, (error, key) => {
        if (error === null) resolve(new Uint8Array(key));
        else reject(error);
      });
    });
}

async function loadAddon(): Promise<Argon2> {
  const { hashRaw } = await import('@node-rs/argon2');
  // The addon's enums are erased at run time: 2 is Argon2id, 1 is version 0x13.
  return async (password, kdf) =>
    new Uint8Array(
      await hashRaw(password, {
        algorithm: 2,
        version: 1,
        memoryCost: kdf.memoryKiB,
        timeCost: kdf.passes,
        parallelism: kdf.lanes,
        outputLen: length,
        salt: kdf.salt,
      }),
    );
}

async function loadWasm(): Promise<Argon2> {
  const { argon2id } = await import('hash-wasm');
  return (password, kdf) =>
    argon2id({
      password,
      salt: kdf.salt,
      iterations: kdf.passes,
      memorySize: kdf.memoryKiB,
      parallelism: kdf.lanes,
      hashLength: length,
      outputType: 'binary',
    });
}

async function loadNoble(): Promise<Argon2> {
  const { argon2idAsync } = await import('@noble/hashes/argon2.js');
  return (password, kdf) =>
    argon2idAsync(password, kdf.salt, { m: kdf.memoryKiB, t: kdf.passes, p: kdf.lanes, dkLen: length });
}

// Small on purpose: it proves the implementation, not the cost.
const probe = {
  password: Uint8Array.from({ length: 32 }, () => 1),
  kdf: { memoryKiB: 256, passes: 3, lanes: 2, salt: Uint8Array.from({ length: 16 }, () => 2) },
  answer: must(
    fromHex(
      'c3553e65caeb4171afb5cbb28d8ddf9a93a23a88f76571bd7c4ec1a754372d12eca660e0a61db1de79aa1b024af18ddc3ea8a06e8979b039da0d0c2fa942dcf4',
    ),
  ),
};

/** Whether an implementation gives the known answer; false, too, if it throws. */
export async function passesProbe(run: Argon2): Promise<boolean> {
  try {
    return isEqual(await run(concat(probe.password), probe.kdf), probe.answer);
  } catch {
    return false;
  }
}

let chosen: Promise<Argon2Engine> | null = null;

/** The first implementation that loads and gives the known answer; found once. */
export function argon2Engine(): Promise<Argon2Engine> {
  chosen ??= choose();
  return chosen;
}

async function choose(): Promise<Argon2Engine> {
  for (const { name, load } of argon2Loaders) {
    const run = await load().catch(() => null);
    if (run !== null && (await passesProbe(run))) return { name, run };
  }
  throw new HoldfastError('bug', 'No implementation of Argon2id gives the right answer on this machine.');
}
