import { fromHex, isEqual, toHex } from '../../common/bytes.ts';
import { HoldfastError, isKind, must, securityError } from '../../common/errors.ts';
import { notAuthentic, overLimit } from '../../crypto/failure.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { type AccountChain, isLiveAt } from './account-chain.ts';
import { type EpochKeys, openEpochKeys } from './epoch-keys.ts';
import { decodeStructure } from './fields.ts';
import type { OpenedAccount } from './open-account.ts';
import { type Operations, parseOperations } from './operations.ts';
import type { AddProblem } from './report.ts';
import type { ServerCopy, StoredEntry } from './server-copy.ts';
import { deriveKey, isSignedBy, openSmallBox } from './small-box.ts';
import type { VaultTree } from './vault-tree.ts';

export interface LogResult {
  readonly name: string | null;
  /** Of the last entry whose operations were read. */
  readonly seq: number;
  readonly lastChangeUs: number | null;
}

export interface LogParts {
  readonly copy: ServerCopy;
  readonly account: OpenedAccount;
  readonly vault: { readonly id: string; readonly n: number };
  readonly tree: VaultTree;
  readonly addProblem: AddProblem;
  readonly onProgress: (seq: number, ofSeq: number) => void;
  readonly signal: AbortSignal;
}

interface Header {
  readonly epoch: number;
  readonly seq: number;
  readonly prevHash: Uint8Array;
  readonly device: string;
  readonly deviceSeq: number;
  readonly accountHead: Uint8Array;
  readonly ciphertextHash: Uint8Array;
  readonly retainedHash: Uint8Array;
  readonly releasedHash: Uint8Array;
  /** Position of accountHead in the account chain. */
  readonly position: number;
}

/** Where the reader stands (FORMAT.md 10). */
interface Position {
  /** Null after a gap: the next entry's own signature has to do. */
  head: Uint8Array | null;
  epoch: number;
  /** Account positions: of the entry that began the epoch, and of the last entry. */
  epochPosition: number;
  accountPosition: number;
  readonly deviceSeqs: Map<string, number>;
}

const maxHeaderBytes = 512;
const maxCiphertextBytes = 1024 * 1024;
const restEvery = 64;

/**
 * Replays a vault's log from entry 1 into the tree. An entry that is missing or damaged is left out and reported, and what
 * follows is read on: each entry is signed on its own. Where entries contradict one another, the log ends (section 13).
 */
export async function readLog(parts: LogParts): Promise<LogResult> {
  const { copy, vault, tree, addProblem, onProgress, signal } = parts;
  const lastSeq = copy.lastSeq(vault.n);
  const position: Position = {
    head: new Uint8Array(32),
    epoch: 0,
    epochPosition: 0,
    accountPosition: 0,
    deviceSeqs: new Map(),
  };
  const keys = openEpochKeys(parts);
  const lost = gapList(addProblem);
  let name: string | null = null;
  let lastChangeUs: number | null = null;
  let hasGap = false;
  let readTo = 0;

  for (let seq = 1; seq <= lastSeq; seq++) {
    if (seq % restEvery === 0) await new Promise(setImmediate);
    signal.throwIfAborted();
    onProgress(seq, lastSeq);
    const entry = copy.entry(vault.n, seq);
    let operations: Operations | null = null;
    try {
      const header = entry === null ? null : readHeader(parts, entry, seq);
      if (entry === null || header === null) {
        position.head = null;
      } else {
        follow(parts, position, header, entry, hasGap);
        operations = openEntry(parts, keys, header, entry, hasGap);
      }
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      const why = isKind(error, 'version') ? error.message : 'It contradicts the entries before it.';
      addProblem({ kind: 'log', message: `The log was read up to entry ${seq - 1}; entry ${seq} was refused. ${why}` });
      break;
    }
    if (operations === null) {
      // All at once where nothing is: how many the server counts is only its word.
      const next = entry === null ? (copy.nextSeq(vault.n, seq + 1) ?? lastSeq + 1) : seq + 1;
      lost.add(seq, next - 1);
      seq = next - 1;
      hasGap = true;
      tree.allowTwins();
      continue;
    }
    readTo = seq;
    lastChangeUs = operations.timeUs;
    for (const operation of operations.list) {
      if (hasGap) tree.mend(operation);
      const effect = tree.apply(operation, operations.timeUs);
      if (effect === 'done' && operation.type === 'vault') name = operation.name;
      if (effect === 'name')
        addProblem({ kind: 'name', message: `An item of entry ${seq} has a name that no vault may hold.` });
    }
  }
  lost.end();
  return { name, seq: readTo, lastChangeUs };
}

/** Reports neighbours together. */
function gapList(addProblem: AddProblem): { add(from: number, to: number): void; end(): void } {
  let first = 0;
  let last = 0;
  const end = (): void => {
    if (first === 0) return;
    const which = first === last ? `Entry ${first} of the log is` : `Entries ${first} to ${last} of the log are`;
    addProblem({ kind: 'log', message: `${which} missing or damaged: the changes made there could not be rescued.` });
    first = 0;
  };
  return {
    add: (from, to) => {
      if (first === 0 || from !== last + 1) {
        end();
        first = from;
      }
      last = to;
    },
    end,
  };
}

/** F-REPLAY-1 and F-REPLAY-2; null for an entry that is not authentic, and so is as good as missing. */
function readHeader({ account, vault }: LogParts, entry: StoredEntry, seq: number): Header | null {
  try {
    const fields = decodeStructure(entry.header, 'entry', maxHeaderBytes);
    if (fields.id() !== vault.id) return null;
    const epoch = fields.count();
    if (fields.count() !== seq) return null;
    const prevHash = fields.hash();
    const device = fields.id();
    const deviceSeq = fields.count();
    const accountHead = fields.hash();
    const [ciphertextHash, retainedHash, releasedHash] = [fields.hash(), fields.hash(), fields.hash()];
    if (fields.id() !== account.account) return null;
    fields.end();
    const position = authorPosition(account.chain, device, accountHead, entry);
    if (position === null) return null;
    return {
      epoch,
      seq,
      prevHash,
      device,
      deviceSeq,
      accountHead,
      ciphertextHash,
      retainedHash,
      releasedHash,
      position,
    };
  } catch {
    return null;
  }
}

function authorPosition(
  chain: AccountChain,
  id: string,
  accountHead: Uint8Array,
  { header, signature }: StoredEntry,
): number | null {
  const position = chain.positions.get(toHex(accountHead));
  const device = chain.devices.get(id);
  if (position === undefined || device === undefined || !isLiveAt(device, position)) return null;
  return isSignedBy(device.key, 'entry', header, signature) ? position : null;
}

/** Moves the position over an authentic header (F-REPLAY-2 to F-REPLAY-5, F-CHAIN-5). Throws `security`. */
function follow(
  { account, vault }: LogParts,
  position: Position,
  header: Header,
  entry: StoredEntry,
  hasGap: boolean,
): void {
  const hash = sha256(entry.header);
  if (header.seq === 1 && !isEqual(hash, must(account.chain.vaults.get(vault.id)))) throw contradiction('E_MEMBER');
  if (position.head !== null && !isEqual(position.head, header.prevHash)) throw contradiction('E_FORK');
  if (header.position < position.accountPosition) throw contradiction('E_MEMBER');

  const isBeginning = header.epoch === position.epoch + 1;
  if (hasGap ? header.epoch < position.epoch : !isBeginning && header.epoch !== position.epoch) {
    throw contradiction('E_MEMBER');
  }
  const isRotationDue = account.chain.revocations.some(
    (revoked) => revoked > position.epochPosition && revoked <= header.position,
  );
  if (!hasGap && isRotationDue && !isBeginning) throw contradiction('E_MEMBER');

  const before = position.deviceSeqs.get(header.device) ?? 0;
  if (hasGap ? header.deviceSeq <= before : header.deviceSeq !== before + 1) throw contradiction('E_FORK');

  position.head = hash;
  if (header.epoch !== position.epoch) position.epochPosition = header.position;
  position.epoch = header.epoch;
  position.accountPosition = header.position;
  position.deviceSeqs.set(header.device, header.deviceSeq);
}

const contradiction = (code: 'E_FORK' | 'E_MEMBER'): HoldfastError =>
  securityError(code, 'The log contradicts itself or the account chain.');

/** F-REPLAY-6 and F-REPLAY-7; null if the content is damaged. Throws `version`, or `security` for a wrong epoch. */
function openEntry(
  { vault, addProblem }: LogParts,
  keys: EpochKeys,
  header: Header,
  entry: StoredEntry,
  hasGap: boolean,
): Operations | null {
  const { epoch, seq, prevHash, device } = header;
  const isBeginning = keys.isNew(epoch);
  const key = keys.key(epoch);
  if (key === null) return null;
  let operations: Operations;
  try {
    if (entry.ciphertext.length > maxCiphertextBytes) throw overLimit();
    if (!isEqual(sha256(entry.ciphertext), header.ciphertextHash)) throw notAuthentic();
    const id = must(fromHex(vault.id));
    const context = [id, epoch, seq, prevHash, must(fromHex(device))];
    operations = parseOperations(openSmallBox('entry', deriveKey(key, 'log', [id, epoch]), context, entry.ciphertext));
  } catch (error) {
    if (isKind(error, 'version')) throw error;
    return null;
  }
  checkEpochOperations(operations, keys, header, isBeginning, hasGap);
  const areListsRight =
    isEqual(sha256(entry.retained), header.retainedHash) && isEqual(sha256(entry.released), header.releasedHash);
  if (!areListsRight) {
    addProblem({ kind: 'log', message: `The lists of objects of entry ${seq} are damaged; they were not needed.` });
  }
  return operations;
}

/** F-EPOCH-1, F-EPOCH-2, and what entry 1 begins with. */
function checkEpochOperations(
  { list }: Operations,
  keys: EpochKeys,
  { epoch, seq }: Header,
  isBeginning: boolean,
  hasGap: boolean,
): void {
  const expected = seq === 1 ? 1 : 0;
  if (seq === 1 && list[0]?.type !== 'vault') throw contradiction('E_MEMBER');
  const found = list.flatMap((operation, at) => (operation.type === 'epoch' ? [{ ...operation, at }] : []));
  if (found.length === 0 && (!isBeginning || hasGap)) return;
  const [only] = found;
  const isRight = isBeginning && found.length === 1 && only?.at === expected && only.epoch === epoch;
  if (!isRight || !isEqual(keys.grantsHash(epoch) ?? new Uint8Array(), only.grantsHash))
    throw contradiction('E_MEMBER');
}
