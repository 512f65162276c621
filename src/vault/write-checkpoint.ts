import { concat, fromHex } from '../common/bytes.ts';
import { HoldfastError, must } from '../common/errors.ts';
import { idBytes, type ObjectId, type Random, type VaultId } from '../common/ids.ts';
import { sealBox } from '../crypto/box.ts';
import { encodeCheckpointHeader, signCheckpoint } from '../crypto/checkpoint-header.ts';
import { type SealedChunk, sealChunk } from '../crypto/chunk.ts';
import { wipe } from '../crypto/constant-time.ts';
import { hashIdList, sortedIds } from '../crypto/id-list.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { ChunkRef } from '../model/manifest.ts';
import type { Author } from './author.ts';
import { encodeCheckpointState } from './checkpoint-state.ts';
import { assertNotFrozen } from './freeze.ts';
import { epochKeysOf, type KeyRing } from './key-ring.ts';
import { epochOf, type LogPosition } from './position.ts';
import { needsRotation } from './seal-entry.ts';
import { statePages } from './state-pages.ts';
import type { StateRow } from './state-row.ts';

/** A checkpoint as the server keeps it. `pages`: ids of its page objects, sorted. */
export interface RawCheckpoint {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly box: Uint8Array;
  readonly pages: readonly ObjectId[];
}

type Rows = Iterable<StateRow> | AsyncIterable<StateRow>;

/**
 * Writes the state at `position`. `storePage` gets one sealed page after the other, to be stored before the checkpoint, so
 * memory stays at a page. Rows must be in order and belong to `position` exactly. Throws `conflict` (reason `rotation`) if
 * a device was revoked since the epoch began: write the new epoch first.
 */
export async function writeCheckpoint(input: {
  readonly position: LogPosition;
  readonly keyRing: KeyRing;
  readonly author: Author;
  readonly rows: Rows;
  readonly storePage: (page: SealedChunk) => Promise<void>;
  readonly random: Random;
}): Promise<RawCheckpoint> {
  const { position, keyRing, author, random } = input;
  assertNotFrozen(position);
  if (needsRotation(position, author.chain)) {
    throw new HoldfastError('conflict', 'A device was removed: the vault needs a new key first.', {
      reason: 'rotation',
    });
  }
  const pages: ChunkRef[] = [];
  const hashes: Uint8Array[] = [];
  for await (const plain of statePages(position.vault, input.rows)) {
    hashes.push(sha256(plain));
    const page = sealChunk(plain, random, 'state-page');
    wipe(plain);
    const { objectId, secret, hash, plainLength } = page;
    pages.push({ objectId, secret, hash, plainLength });
    await input.storePage(page);
  }
  const plain = encodeCheckpointState({ ...position, stateHash: sha256(concat(...hashes)), pages });
  const ids = sortedIds(pages.map((page) => page.objectId));
  const { vault, seq } = position;
  const epoch = epochOf(position);
  const head = must(fromHex(position.head));
  const box = sealBox(
    'checkpoint',
    epochKeysOf(keyRing, epoch).checkpoint,
    [idBytes(vault), epoch, seq, head],
    plain,
    random,
  );
  wipe(plain);
  const body = encodeCheckpointHeader({
    vault,
    epoch,
    seq,
    head,
    device: author.device,
    account: author.account,
    accountHead: author.chain.head,
    boxHash: sha256(box),
    objectsHash: hashIdList(ids),
  });
  return { body, signature: signCheckpoint(body, author.signing), box, pages: ids };
}

/** The stateHash of the same rows, to compare with a checkpoint of the same seq (F-CKPT-2). */
export async function hashState(vault: VaultId, rows: Rows): Promise<Uint8Array> {
  const hashes: Uint8Array[] = [];
  for await (const plain of statePages(vault, rows)) hashes.push(sha256(plain));
  return sha256(concat(...hashes));
}
