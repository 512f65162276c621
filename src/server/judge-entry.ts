import { isEqual } from '../common/bytes.ts';
import type { AccountId, DeviceId, VaultId } from '../common/ids.ts';
import { type AccountChain, hasRevocationBetween, isLiveAt, positionOf } from '../crypto/account-chain.ts';
import { type EntryHeader, hashEntry, isEntrySigned } from '../crypto/entry-header.ts';
import { parseGrants } from '../crypto/grants.ts';
import { hashIdList } from '../crypto/id-list.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { ReplyReason } from '../wire/error.ts';
import type { Entry } from '../wire/types.ts';
import { failure, judged, malformed } from './failure.ts';
import type { EntryRow } from './metadata-store.ts';

/** What an entry is judged by, besides the head that it must follow. */
interface EntryContext {
  readonly vault: VaultId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly chain: AccountChain;
  /** 0 before the genesis. */
  readonly epoch: number;
  readonly epochPosition: number;
  readonly accountPosition: number;
  readonly deviceSeq: number;
}

const refused = (reason: ReplyReason<'refused'>, message: string) => failure('refused', reason, message);

/** Sorted, unique, as the header's hashes say, and no id in both. */
function checkLists(header: EntryHeader, { retained, released }: Entry): void {
  judged('list of objects', () => {
    if (!isEqual(hashIdList(retained), header.retainedHash)) throw malformed('list of retained objects');
    if (!isEqual(hashIdList(released), header.releasedHash)) throw malformed('list of released objects');
  });
  const both = new Set(retained);
  if (released.some((id) => both.has(id))) throw malformed('list of released objects');
}

/** The account position that the author knew (F-REPLAY-2); the device is alive there and now. */
function checkAuthor(header: EntryHeader, context: EntryContext): number {
  const { chain, device, account } = context;
  if (header.account !== account || header.device !== device) {
    throw refused('device', 'The entry is not by the device that sends it.');
  }
  const position = positionOf(chain, header.accountHead);
  if (position === null || position < context.accountPosition) {
    throw refused(
      'account-head',
      'The entry names an account head that is unknown or older than the last entry’s; fetch the account chain.',
    );
  }
  if (!isLiveAt(chain, device, position) || !isLiveAt(chain, device, chain.position)) {
    throw refused('device', 'This device is not part of the account any more.');
  }
  return position;
}

/** F-EPOCH-2 and F-EPOCH-3, as far as headers show them. */
function checkEpoch(header: EntryHeader, grants: Uint8Array | null, position: number, context: EntryContext): void {
  const begins = header.epoch === context.epoch + 1;
  if (!begins && header.epoch !== context.epoch) throw refused('epoch', 'The entry is not of the current epoch.');
  if (begins !== (grants !== null)) throw malformed('epoch: grants go with an entry that begins one');
  if (!begins && hasRevocationBetween(context.chain, context.epochPosition, position)) {
    throw refused('epoch', 'A device was revoked; this entry has to begin a new epoch.');
  }
  if (grants === null) return;
  const parsed = judged('grants', () => parseGrants(grants));
  if (parsed.vault !== context.vault || parsed.epoch !== header.epoch) throw malformed('grants');
}

/**
 * The row that a valid entry becomes. Checks all of FORMAT.md's rules that need no key but seq and previous hash, which
 * the store compares and swaps. Throws `usage` or `refused`.
 */
export function judgeEntry(
  header: EntryHeader,
  entry: Entry,
  grants: Uint8Array | null,
  context: EntryContext,
): EntryRow {
  if (header.vault !== context.vault) throw malformed('entry: it is of another vault');
  const accountPosition = checkAuthor(header, context);
  const key = context.chain.devices.get(context.device)?.signingKey;
  if (key === undefined || !isEntrySigned(entry.header, entry.signature, key)) {
    throw refused('signature', 'The entry’s signature is not this device’s.');
  }
  if (!isEqual(sha256(entry.ciphertext), header.ciphertextHash)) throw malformed('ciphertext of the entry');
  checkLists(header, entry);
  checkEpoch(header, grants, accountPosition, context);
  if (header.deviceSeq !== context.deviceSeq + 1) {
    throw refused('device-seq', 'This device’s count of its entries is not the log’s; fetch the log.');
  }
  const { seq, device, deviceSeq, epoch } = header;
  return { seq, hash: hashEntry(entry.header), device, deviceSeq, epoch, accountPosition, entry, grants };
}
