import { fromHex, toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import type { AccountId, ObjectId, VaultId } from '../../src/common/ids.ts';
import { passwordKeys, recoveryKeys } from '../../src/crypto/account-keys.ts';
import { isAccountRecordSigned, parseAccountRecord } from '../../src/crypto/account-record.ts';
import { openBox } from '../../src/crypto/box.ts';
import { type Cbor, decodeCbor } from '../../src/crypto/cbor.ts';
import { isCheckpointSigned, parseCheckpointHeader } from '../../src/crypto/checkpoint-header.ts';
import { type ObjectType, openChunk } from '../../src/crypto/chunk.ts';
import { deriveKey } from '../../src/crypto/derive.ts';
import { isEntrySigned, parseEntryHeader } from '../../src/crypto/entry-header.ts';
import { notAuthentic } from '../../src/crypto/failure.ts';
import { openGrant } from '../../src/crypto/grant.ts';
import { parseGrants } from '../../src/crypto/grants.ts';
import { hashIdList } from '../../src/crypto/id-list.ts';
import { openIndexBox } from '../../src/crypto/index-box.ts';
import { checkKdf, hashKdf, type KdfParams } from '../../src/crypto/kdf.ts';
import type { BoxLabel, KeyName, SignLabel } from '../../src/crypto/labels.ts';
import { isLoginSigned, type LoginMethod } from '../../src/crypto/login.ts';
import { padme } from '../../src/crypto/padme.ts';
import { compareCode, fingerprint } from '../../src/crypto/people-codes.ts';
import { parseRecoveryWords } from '../../src/crypto/recovery.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { isSigned } from '../../src/crypto/sign.ts';
import { agreementKey } from '../../src/crypto/x25519.ts';
import { decodeCheckpointState } from '../../src/vault/checkpoint-state.ts';
import { decodeManifest } from '../../src/vault/manifest-codec.ts';
import { decodeOperations } from '../../src/vault/operation-codec.ts';
import { entryContext } from '../../src/vault/replay.ts';
import { parseRow } from '../../src/vault/state-row.ts';
import type { Json } from './case.ts';
import { readCheckpointIn } from './run-checkpoint.ts';
import { readFileIn, readPagesIn } from './run-contents.ts';
import { chainIn, type Input, replayed, type Tell } from './run-history.ts';
import { offerIn, unlockIn } from './run-unlock.ts';

const hex = (input: Input, name: string): Uint8Array => must(fromHex(input[name] as string), name);
const text = <T extends string>(input: Input, name: string): T => input[name] as T;
const number = (input: Input, name: string): number => input[name] as number;
const context = (input: Input): readonly Cbor[] => decodeCbor(hex(input, 'context')) as readonly Cbor[];

/** Bytes as hex, maps as lists: what a reader in another language can print as well. */
export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof Map) return [...value].map(([key, item]) => [key as string, toJson(item)]);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/** As `toJson`, but bytes and text stay apart. */
function cborJson(value: Cbor): Json {
  if (value instanceof Uint8Array) return { bytes: toHex(value) };
  return Array.isArray(value) ? value.map(cborJson) : (value as Json);
}

function demand(isTrue: boolean): void {
  if (!isTrue) throw notAuthentic();
}

const kdfOf = (input: Input): KdfParams => ({
  memoryKiB: number(input, 'memoryKiB'),
  passes: number(input, 'passes'),
  lanes: number(input, 'lanes'),
  salt: hex(input, 'salt'),
});

/** What our own code makes of a vector's input; throws what it refuses, and tells what it has given out by then. */
export const readers: Readonly<Record<string, (input: Input, tell?: Tell) => unknown>> = {
  cbor: (input) => cborJson(decodeCbor(hex(input, 'bytes'))),
  padme: (input) => padme(number(input, 'length')),
  derive: (input) => deriveKey(hex(input, 'key'), text<KeyName>(input, 'name'), context(input)),
  box: (input) => openBox(text<BoxLabel>(input, 'label'), hex(input, 'key'), context(input), hex(input, 'box')),
  'index-box': (input) => openIndexBox(hex(input, 'key'), hex(input, 'aad'), hex(input, 'box')),
  chunk: (input) =>
    openChunk(
      {
        objectId: text<ObjectId>(input, 'objectId'),
        secret: hex(input, 'secret'),
        hash: hex(input, 'hash'),
        plainLength: number(input, 'plainLength'),
      },
      hex(input, 'sealed'),
      text<ObjectType>(input, 'type'),
    ),
  signature: (input) =>
    demand(
      isSigned(
        text<SignLabel>(input, 'label'),
        hex(input, 'message'),
        hex(input, 'signature'),
        hex(input, 'publicKey'),
      ),
    ),
  kdf: (input) => {
    checkKdf(kdfOf(input));
    return hashKdf(kdfOf(input));
  },
  password: async (input) => {
    const { kek, login } = await passwordKeys(text(input, 'password'), kdfOf(input));
    return { kek, login: login.publicKey };
  },
  recovery: (input) => {
    const key = parseRecoveryWords(text(input, 'words'));
    const { kek, login } = recoveryKeys(key);
    return { key, kek, login: login.publicKey };
  },
  'account-record': (input) => {
    const record = hex(input, 'record');
    const parsed = parseAccountRecord(record);
    demand(isAccountRecordSigned(record, hex(input, 'signature'), hex(input, 'identityKey')));
    return { ...parsed, hash: sha256(record) };
  },
  'account-chain': (input) => {
    const { positions: _, ...chain } = chainIn(input);
    return chain;
  },
  unlock: unlockIn,
  'kdf-offer': (input) => offerIn(input, kdfOf(input)),
  log: replayed,
  tree: replayed,
  'manifest-pages': readPagesIn,
  file: readFileIn,
  checkpoint: readCheckpointIn,
  login: (input) =>
    demand(
      isLoginSigned(
        {
          method: text<LoginMethod>(input, 'method'),
          origin: text(input, 'origin'),
          serverNonce: hex(input, 'serverNonce'),
          clientNonce: hex(input, 'clientNonce'),
          account: text<AccountId>(input, 'account'),
          email: input['email'] as string | null,
          kdfHash: input['kdfHash'] === null ? null : hex(input, 'kdfHash'),
          devicePublic: hex(input, 'devicePublic'),
        },
        hex(input, 'signature'),
        hex(input, 'publicKey'),
      ),
    ),
  grants: (input) => {
    const grants = hex(input, 'grants');
    return { ...parseGrants(grants), hash: sha256(grants) };
  },
  grant: (input) =>
    openGrant(
      {
        vault: text<VaultId>(input, 'vault'),
        epoch: number(input, 'epoch'),
        recipient: text<AccountId>(input, 'account'),
      },
      agreementKey(hex(input, 'privateKey')),
      hex(input, 'grant'),
    ),
  'entry-header': (input) => {
    const header = hex(input, 'header');
    const parsed = parseEntryHeader(header);
    demand(isEntrySigned(header, hex(input, 'signature'), hex(input, 'deviceKey')));
    return { ...parsed, entryHash: sha256(header) };
  },
  entry: (input) => {
    const header = parseEntryHeader(hex(input, 'header'));
    demand(isEntrySigned(hex(input, 'header'), hex(input, 'signature'), hex(input, 'deviceKey')));
    const ciphertext = hex(input, 'ciphertext');
    demand(toHex(sha256(ciphertext)) === toHex(header.ciphertextHash));
    demand(toHex(hashIdList(input['retained'] as ObjectId[])) === toHex(header.retainedHash));
    demand(toHex(hashIdList(input['released'] as ObjectId[])) === toHex(header.releasedHash));
    const place = entryContext(header);
    const log = deriveKey(hex(input, 'vaultKey'), 'log', place.slice(0, 2));
    return openBox('entry', log, place, ciphertext);
  },
  operations: (input) => decodeOperations(hex(input, 'padded')),
  manifest: (input) => decodeManifest(hex(input, 'manifest')),
  'checkpoint-header': (input) => {
    const body = hex(input, 'body');
    const parsed = parseCheckpointHeader(body);
    demand(isCheckpointSigned(body, hex(input, 'signature'), hex(input, 'deviceKey')));
    return parsed;
  },
  'checkpoint-state': (input) => decodeCheckpointState(hex(input, 'state')),
  'state-row': (input) => parseRow(decodeCbor(hex(input, 'row'))),
  'id-list': (input) => hashIdList(input['ids'] as ObjectId[]),
  fingerprint: (input) =>
    fingerprint(text<AccountId>(input, 'account'), hex(input, 'identityKey'), hex(input, 'sealingKey')),
  'compare-code': (input) => compareCode(text<VaultId>(input, 'vault'), number(input, 'seq'), hex(input, 'head')),
};
