import { fromHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import type { ObjectId } from '../../src/common/ids.ts';
import { sealBox } from '../../src/crypto/box.ts';
import { type EntryHeader, encodeEntryHeader, signEntry } from '../../src/crypto/entry-header.ts';
import { hashIdList } from '../../src/crypto/id-list.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';
import type { Operation } from '../../src/model/operation.ts';
import { epochKeysOf } from '../../src/vault/key-ring.ts';
import { encodeOperations } from '../../src/vault/operation-codec.ts';
import { epochOf } from '../../src/vault/position.ts';
import { entryContext, type RawEntry } from '../../src/vault/replay.ts';
import { authorOf, nowUs, type Replica, type TestVault } from './vault-world.ts';

/** What a forger chooses; the rest is as an honest author would have it. */
export interface Forgery {
  readonly header?: Partial<EntryHeader>;
  readonly operations?: readonly Operation[];
  /** Instead of operations. */
  readonly padded?: Uint8Array;
  readonly signer?: SigningKey;
  readonly logKey?: Uint8Array;
  readonly retained?: readonly ObjectId[];
  readonly released?: readonly ObjectId[];
}

/** An entry after `replica`, with hashes and signature that fit whatever it says. */
export function forgeEntry(vault: TestVault, replica: Replica, forgery: Forgery = {}): RawEntry {
  const author = authorOf(vault.account);
  const { position } = replica;
  const place = {
    vault: vault.vault,
    epoch: epochOf(position),
    seq: position.seq + 1,
    prevHash: must(fromHex(position.head)),
    device: author.device,
    deviceSeq: (position.deviceSeqs[author.device] ?? 0) + 1,
    ...forgery.header,
  };
  const plain = forgery.padded ?? encodeOperations(nowUs, forgery.operations ?? [{ type: 'vault', name: 'Forged' }]);
  const logKey = forgery.logKey ?? epochKeysOf(replica.keyRing, epochOf(position)).log;
  const ciphertext = sealBox('entry', logKey, entryContext(place), plain, vault.random);
  const { retained = [], released = [] } = forgery;
  const header = encodeEntryHeader({
    accountHead: author.chain.head,
    ciphertextHash: sha256(ciphertext),
    retainedHash: hashOf(retained),
    releasedHash: hashOf(released),
    account: author.account,
    ...place,
  });
  const signature = signEntry(header, forgery.signer ?? author.signing);
  return { header, signature, ciphertext, retained, released };
}

/** Of any list, sorted or not. */
const hashOf = (ids: readonly ObjectId[]): Uint8Array => {
  try {
    return hashIdList(ids);
  } catch {
    return sha256(...ids.map((id) => must(fromHex(id))));
  }
};
