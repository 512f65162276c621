import { HoldfastError, unreachable } from '../common/errors.ts';
import { idBytes, type NodeId, type RevisionId } from '../common/ids.ts';
import { type Cbor, cborLength, decodeListed, encodeCbor } from '../crypto/cbor.ts';
import { wipe } from '../crypto/constant-time.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { arrayOf, countOf, hashOf, idOf, integerOf, structureOf, textOf } from '../crypto/fields.ts';
import { suite } from '../crypto/labels.ts';
import { padme } from '../crypto/padme.ts';
import type { Operation } from '../model/operation.ts';
import { manifestFields, parseManifestFields } from './manifest-codec.ts';

/** What an entry says; `unusable` is an operation of right shape whose manifest contradicts itself, which is void. */
export type DecodedOperation = Operation | { readonly type: 'unusable'; readonly node: NodeId };

/** Most operations of one entry. */
export const maxOperations = 4096;
/** Most revisions of one `release`. */
const maxReleases = 4096;

export interface Operations {
  readonly timeUs: number;
  readonly operations: readonly DecodedOperation[];
}

/** The padded plaintext of an entry (FORMAT.md 8.3). */
export function encodeOperations(timeUs: number, operations: readonly Operation[]): Uint8Array {
  const plain = encodeCbor(['operations', suite, timeUs, operations.map(operationFields)]);
  const padded = new Uint8Array(paddedLength(plain.length));
  padded.set(plain);
  padded[plain.length] = 0x80;
  wipe(plain);
  return padded;
}

/** Length of an entry's plaintext once padded, for operations that encode to so many bytes. */
export const paddedLength = (length: number): number => padme(256 * Math.ceil((length + 1) / 256));

/** Bytes that an operation takes in an entry. */
export const operationLength = (operation: Operation): number => cborLength(operationFields(operation));

/** Throws E_AUTH, E_DOWNGRADE, or `version` for an operation that this version does not know. */
export function decodeOperations(padded: Uint8Array): Operations {
  const { fields, count, items } = decodeListed(unpadded(padded), 3, parseOperation);
  const timeUs = integerOf(structureOf(fields, 'operations', 4)[2]);
  if (count === null || count < 1 || count > maxOperations) throw notAuthentic();
  return { timeUs, operations: items() };
}

/** F-OP-1. */
function unpadded(padded: Uint8Array): Uint8Array {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== 0x80 || padded.length !== paddedLength(end)) throw notAuthentic();
  return padded.subarray(0, end);
}

function operationFields(operation: Operation): Cbor {
  switch (operation.type) {
    case 'create-folder':
      return [1, idBytes(operation.node), idBytes(operation.parent), operation.name];
    case 'create-file':
      return [
        2,
        idBytes(operation.node),
        idBytes(operation.parent),
        operation.name,
        manifestFields(operation.manifest),
      ];
    case 'place':
      return [3, idBytes(operation.node), idBytes(operation.parent), operation.name];
    case 'revise':
      return [4, idBytes(operation.node), manifestFields(operation.manifest)];
    case 'delete':
      return [5, idBytes(operation.node)];
    case 'restore':
      return [6, idBytes(operation.node), idBytes(operation.parent), operation.name];
    case 'release':
      return [7, operation.revisions.map((revision) => idBytes(revision))];
    case 'vault':
      return [8, operation.name];
    case 'epoch':
      return [9, operation.epoch, operation.grantsHash];
    default:
      return unreachable(operation);
  }
}

function parseOperation(value: Cbor): DecodedOperation {
  const fields = arrayOf(value);
  const number = countOf(fields[0]);
  const [, a, b, c, d] = fields;
  const hasLength = (length: number): void => {
    if (fields.length !== length) throw notAuthentic();
  };
  switch (number) {
    case 1:
      hasLength(4);
      return { type: 'create-folder', node: idOf(a), parent: idOf(b), name: textOf(c) };
    case 2: {
      hasLength(5);
      const place = { node: idOf<NodeId>(a), parent: idOf<NodeId>(b), name: textOf(c) };
      const { manifest, isConsistent } = parseManifestFields(d);
      return isConsistent ? { type: 'create-file', ...place, manifest } : { type: 'unusable', node: place.node };
    }
    case 3:
      hasLength(4);
      return { type: 'place', node: idOf(a), parent: idOf(b), name: textOf(c) };
    case 4: {
      hasLength(3);
      const node = idOf<NodeId>(a);
      const { manifest, isConsistent } = parseManifestFields(b);
      return isConsistent ? { type: 'revise', node, manifest } : { type: 'unusable', node };
    }
    case 5:
      hasLength(2);
      return { type: 'delete', node: idOf(a) };
    case 6:
      hasLength(4);
      return { type: 'restore', node: idOf(a), parent: idOf(b), name: textOf(c) };
    case 7: {
      hasLength(2);
      const revisions = arrayOf(a).map((id) => idOf<RevisionId>(id));
      if (revisions.length < 1 || revisions.length > maxReleases) throw notAuthentic();
      return { type: 'release', revisions };
    }
    case 8:
      hasLength(2);
      return { type: 'vault', name: textOf(a) };
    case 9:
      hasLength(3);
      return { type: 'epoch', epoch: countOf(a, 1), grantsHash: hashOf(b) };
    default:
      throw new HoldfastError(
        'version',
        'This vault was changed by a newer version of Holdfast. Update this one; until then nothing of the vault is synced here.',
        { reason: 'operation-unknown' },
      );
  }
}
