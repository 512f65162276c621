import { HoldfastError } from '../../common/errors.ts';
import { type Cbor, decodeCbor } from '../../crypto/cbor.ts';
import { notAuthentic } from '../../crypto/failure.ts';
import { fieldsOf, structureOf } from './fields.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { padme } from './small-box.ts';

export interface Place {
  readonly node: string;
  readonly parent: string;
  readonly name: string;
}

/** FORMAT.md 8.3, all of right shape; whether they have an effect is for the tree to say. */
export type Operation =
  | ({ readonly type: 'create-folder' | 'place' | 'restore' } & Place)
  | ({ readonly type: 'create-file'; readonly manifest: Manifest; readonly encoded: Cbor } & Place)
  | { readonly type: 'revise'; readonly node: string; readonly manifest: Manifest; readonly encoded: Cbor }
  | { readonly type: 'delete'; readonly node: string }
  | { readonly type: 'release'; readonly revisions: readonly string[] }
  | { readonly type: 'vault'; readonly name: string }
  | { readonly type: 'epoch'; readonly epoch: number; readonly grantsHash: Uint8Array };

export interface Operations {
  /** The author's clock. */
  readonly timeUs: number;
  readonly list: readonly Operation[];
}

/** From an entry's opened box. Throws E_AUTH, E_DOWNGRADE, or `version` (F-OP-2). */
export function parseOperations(padded: Uint8Array): Operations {
  const end = padded.findLastIndex((byte) => byte !== 0);
  if (end < 0 || padded[end] !== 0x80 || padded.length !== padme(256 * Math.ceil((end + 1) / 256))) {
    throw notAuthentic();
  }
  const fields = structureOf(decodeCbor(padded.subarray(0, end)), 'operations');
  const timeUs = fields.integer();
  const list = fields.fields().rest();
  fields.end();
  if (list.length < 1 || list.length > 4096) throw notAuthentic();
  return { timeUs, list: list.map(parseOperation) };
}

function parseOperation(value: Cbor): Operation {
  const fields = fieldsOf(value);
  const number = fields.count();
  const operation = parseFields(number);
  fields.end();
  return operation;

  function place(): Place {
    return { node: fields.id(), parent: fields.id(), name: fields.text() };
  }

  /** The manifest is the last element. */
  function content(): { readonly manifest: Manifest; readonly encoded: Cbor } {
    const [encoded, ...more] = fields.rest();
    if (encoded === undefined || more.length > 0) throw notAuthentic();
    return { manifest: parseManifest(encoded), encoded };
  }

  function epoch(): number {
    const count = fields.count();
    if (count < 1) throw notAuthentic();
    return count;
  }

  function revisions(): readonly string[] {
    const ids = fields.fields();
    const list: string[] = [];
    for (const id of ids.rest()) list.push(fieldsOf([id]).id());
    if (list.length < 1 || list.length > 4096) throw notAuthentic();
    return list;
  }

  function parseFields(kind: number): Operation {
    switch (kind) {
      case 1:
        return { type: 'create-folder', ...place() };
      case 2:
        return { type: 'create-file', ...place(), ...content() };
      case 3:
        return { type: 'place', ...place() };
      case 4:
        return { type: 'revise', node: fields.id(), ...content() };
      case 5:
        return { type: 'delete', node: fields.id() };
      case 6:
        return { type: 'restore', ...place() };
      case 7:
        return { type: 'release', revisions: revisions() };
      case 8:
        return { type: 'vault', name: fields.text() };
      case 9:
        return { type: 'epoch', epoch: epoch(), grantsHash: fields.hash() };
      default:
        throw new HoldfastError('version', 'The vault was changed by a newer version of Holdfast; update this one.');
    }
  }
}
