import { isSound, parseManifest } from '../../../src/app/rescue/manifest.ts';
import { masterKeyOf } from '../../../src/app/rescue/open-account.ts';
import { parseOperations } from '../../../src/app/rescue/operations.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { encodeAccountEvent, parseAccountEvent } from '../../../src/crypto/account-event.ts';
import { encodeAccountRecord, parseAccountRecord } from '../../../src/crypto/account-record.ts';
import { decodeCbor, encodeCbor } from '../../../src/crypto/cbor.ts';
import { encodeCheckpointHeader, parseCheckpointHeader } from '../../../src/crypto/checkpoint-header.ts';
import { encodeEntryHeader, parseEntryHeader } from '../../../src/crypto/entry-header.ts';
import { notAuthentic } from '../../../src/crypto/failure.ts';
import { arrayOf, decodeStructure } from '../../../src/crypto/fields.ts';
import { encodeGrants, parseGrants } from '../../../src/crypto/grants.ts';
import { padme } from '../../../src/crypto/padme.ts';
import { parseRecoveryWords, recoveryWords } from '../../../src/crypto/recovery.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { decodeCheckpointState, encodeCheckpointState } from '../../../src/vault/checkpoint-state.ts';
import { decodeManifest, encodeManifest } from '../../../src/vault/manifest-codec.ts';
import { decodeOperations, encodeOperations } from '../../../src/vault/operation-codec.ts';
import { stateCheck } from '../../../src/vault/state-check.ts';
import { parseRow, rowFields, type StateRow } from '../../../src/vault/state-row.ts';
import { refDecode } from '../../vectors/reference.ts';
import { isSame, outcome, promise, sameRefusal, type Target } from '../target.ts';
import { textSeeds, vectorSeeds } from './seeds.ts';

const authentic = ['E_AUTH', 'E_DOWNGRADE', 'E_LIMIT'];

/** What is accepted is the encoding of what was read: there is no second one. */
function codec<T>(
  name: string,
  seeds: () => readonly Uint8Array[],
  read: (bytes: Uint8Array) => T,
  write: (value: T) => Uint8Array,
): Target {
  return {
    name,
    kind: 'cbor',
    seeds,
    run: (input) => {
      const found = outcome(authentic, () => read(input));
      if (found.ok) promise(isSame(write(found.value), input), 'what was accepted encodes to other bytes');
    },
  };
}

const hasMark = (input: Uint8Array): boolean => Buffer.from(input).includes(Buffer.from([0xef, 0xbb, 0xbf]));

const cbor: Target = {
  name: 'cbor',
  kind: 'cbor',
  seeds: () => vectorSeeds('cbor', 'bytes', 200),
  run: (input) => {
    const ours = outcome(['E_AUTH'], () => decodeCbor(input));
    if (ours.ok) promise(isSame(encodeCbor(ours.value), input), 'what was accepted encodes to other bytes');
    // cborg drops a mark at the head of a text, which RFC 8949 makes part of it.
    if (hasMark(input)) return;
    let isTaken = true;
    try {
      refDecode(input);
    } catch {
      isTaken = false;
    }
    promise(ours.ok === isTaken, `cborg ${isTaken ? 'takes' : 'refuses'} what we do not`);
  },
};

/** `plain` padded as an author does; a second, simpler way than the codec's. */
function padded(plain: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(padme(256 * Math.ceil((plain.length + 1) / 256)));
  bytes.set(plain);
  bytes[plain.length] = 0x80;
  return bytes;
}

function checkOperations(input: Uint8Array): void {
  const allowed = [...authentic, 'version'];
  const ours = outcome(allowed, () => decodeOperations(input));
  const theirs = outcome(allowed, () => parseOperations(input));
  promise(sameRefusal(ours, theirs), 'the second reader answers otherwise');
  if (!ours.ok) return;
  const { timeUs, operations } = ours.value;
  if (operations.every((operation): operation is Operation => operation.type !== 'unusable')) {
    promise(isSame(encodeOperations(timeUs, operations), input), 'what was accepted encodes to other bytes');
  }
}

const unpadded = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(
    0,
    bytes.findLastIndex((byte) => byte !== 0),
  );

const operations: Target = {
  name: 'operations',
  kind: 'cbor',
  seeds: () =>
    vectorSeeds('operations', 'padded')
      .map(unpadded)
      .filter(({ length }) => length < 4000),
  run: (input) => checkOperations(padded(input)),
};

const padding: Target = {
  name: 'padding',
  kind: 'bytes',
  seeds: () => vectorSeeds('operations', 'padded', 20),
  run: checkOperations,
};

const manifest: Target = {
  name: 'manifest',
  kind: 'cbor',
  seeds: () => vectorSeeds('manifest', 'manifest'),
  run: (input) => {
    const ours = outcome(authentic, () => decodeManifest(input));
    const theirs = outcome(authentic, () => {
      const parsed = parseManifest(decodeCbor(input));
      if (!isSound(parsed)) throw notAuthentic();
      return parsed;
    });
    promise(sameRefusal(ours, theirs), 'the second reader answers otherwise');
    if (ours.ok) promise(isSame(encodeManifest(ours.value), input), 'what was accepted encodes to other bytes');
  },
};

const page: Target = {
  name: 'state-page',
  kind: 'cbor',
  seeds: () => {
    const rows = vectorSeeds('state-row', 'row').flatMap((row) => {
      try {
        return [decodeCbor(row)];
      } catch {
        return [];
      }
    });
    const id = new Uint8Array(16);
    return [[], ...rows.map((row) => [row]), rows].map((list) => encodeCbor(['state-page', 1, id, 0, list]));
  },
  run: (input) => {
    const found = outcome(authentic, () => {
      const fields = decodeStructure(input, 'state-page', 5, 4 * 1024 * 1024);
      const check = stateCheck(Number.MAX_SAFE_INTEGER);
      const rows = arrayOf(fields[4]).map(parseRow);
      for (const row of rows) check.add(row);
      check.finish();
      return { rows, fields };
    });
    if (!found.ok) return;
    const { rows, fields } = found.value;
    promise(isSame(encodeCbor([...fields.slice(0, 4), rows.map(rowFields)]), input), 'rows encode to other bytes');
    promise(isTree(rows), 'the rows are no tree');
  },
};

/** Slowly, and otherwise than `stateCheck`: each live node reaches the root by live folders. */
function isTree(rows: readonly StateRow[]): boolean {
  const root = '0'.repeat(32);
  const nodes = new Map(rows.flatMap((row) => (row.type === 'node' ? [[row.node.id as string, row.node]] : [])));
  const names = new Set<string>();
  for (const node of nodes.values()) {
    if (node.isDeleted) continue;
    const slot = `${node.parent}/${node.name.normalize('NFC')}`;
    if (names.has(slot)) return false;
    names.add(slot);
    let steps = 0;
    for (let at = node.parent as string; at !== root; ) {
      const folder = nodes.get(at);
      if (folder === undefined || folder.isDeleted || folder.kind !== 'folder' || ++steps > nodes.size) return false;
      at = folder.parent;
    }
  }
  return true;
}

const record: Target = {
  name: 'account-record',
  kind: 'cbor',
  words: [],
  seeds: () => vectorSeeds('account-record', 'record'),
  run: (input) => {
    const found = outcome(authentic, () => parseAccountRecord(input));
    if (found.ok) promise(isSame(encodeAccountRecord(found.value), input), 'what was accepted encodes to other bytes');
    const stored = { account: '', record: input, recordSignature: new Uint8Array(64), chainLength: 0 };
    promise(masterKeyOf(stored, new Uint8Array(32)) === null, 'a key out of nowhere');
  },
};

const words: Target = {
  name: 'recovery-words',
  kind: 'text',
  words: ['abandon', 'about', 'zoo', 'art', 'ABANDON', '\t', ' ', '\u3000'],
  seeds: () => textSeeds(recoveryWords(new Uint8Array(32)), recoveryWords(new Uint8Array(32).fill(7)), ''),
  run: (input) => {
    const text = Buffer.from(input).toString('utf8');
    const found = outcome(['usage'], () => parseRecoveryWords(text));
    if (found.ok)
      promise(isSame(parseRecoveryWords(recoveryWords(found.value)), found.value), 'other words, another key');
    try {
      parseRecoveryWords(text);
    } catch (error) {
      const told = (error as HoldfastError).message;
      const secret = text.split(/\s+/).find((word) => word.length > 5 && told.includes(word));
      promise(secret === undefined || !(error instanceof HoldfastError), 'an error that repeats a word');
    }
  },
};

export const formatTargets: readonly Target[] = [
  cbor,
  operations,
  padding,
  manifest,
  page,
  record,
  words,
  codec('account-event', () => [...eventSeeds()], parseAccountEvent, encodeAccountEvent),
  codec('entry-header', () => vectorSeeds('entry-header', 'header'), parseEntryHeader, encodeEntryHeader),
  codec(
    'checkpoint-header',
    () => vectorSeeds('checkpoint-header', 'body'),
    parseCheckpointHeader,
    encodeCheckpointHeader,
  ),
  codec(
    'checkpoint-state',
    () => vectorSeeds('checkpoint-state', 'state'),
    decodeCheckpointState,
    encodeCheckpointState,
  ),
  codec('grants', () => vectorSeeds('grants', 'grants'), parseGrants, encodeGrants),
];

function* eventSeeds(): Generator<Uint8Array> {
  for (const seed of vectorSeeds('unlock', 'record', 1)) yield seed;
  const hash = new Uint8Array(32);
  const id = new Uint8Array(16);
  const event = (kind: string, a: unknown, b: unknown, c: unknown, d: unknown) =>
    encodeCbor(['account-event', 1, id, 1, hash, 0, kind, a, b, c, d] as never);
  yield event('genesis', hash, hash, null, null);
  yield event('device-add', id, hash, hash, new Uint8Array(80));
  yield event('device-revoke', id, null, null, null);
  yield event('record', 1, hash, null, null);
  yield event('vault-add', id, hash, null, null);
}
