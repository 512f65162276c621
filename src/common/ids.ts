import { fromHex, toHex } from './bytes.ts';
import { HoldfastError } from './errors.ts';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/**
 * Ids are 16 random bytes: lower-case hex of 32 digits in memory and JSON, raw bytes in CBOR and SQLite.
 * They name things; they are never secret and never derived from content.
 */
export type AccountId = Id<'account'>;
export type DeviceId = Id<'device'>;
export type VaultId = Id<'vault'>;
export type NodeId = Id<'node'>;
export type RevisionId = Id<'revision'>;
export type ObjectId = Id<'object'>;
export type PairId = Id<'pair'>;
export type AnyId = AccountId | DeviceId | VaultId | NodeId | RevisionId | ObjectId | PairId;

/** Source of unpredictable bytes; a port, so that vectors and simulation can fix it. */
export interface Random {
  bytes(length: number): Uint8Array;
}

export const idLength = 16;

/** The root folder of every vault: fixed, never created, moved or deleted. */
export const rootNode = '00000000000000000000000000000000' as NodeId;

const shape = /^[0-9a-f]{32}$/;

export const isId = (text: unknown): text is string => typeof text === 'string' && shape.test(text);

/** An id from text that came over a border. */
export function parseId<T extends AnyId>(text: unknown): T {
  if (!isId(text)) throw new HoldfastError('usage', 'an id is 32 lower-case hexadecimal digits');
  return text as T;
}

export const newId = <T extends AnyId>(random: Random): T => toHex(random.bytes(idLength)) as T;

/** The id's 16 raw bytes. */
export function idBytes(id: AnyId): Uint8Array {
  const bytes = fromHex(id);
  if (bytes?.length !== idLength) throw new HoldfastError('bug', 'not an id');
  return bytes;
}

export function idFrom<T extends AnyId>(bytes: Uint8Array): T {
  if (bytes.length !== idLength) throw new HoldfastError('security', 'an id has 16 bytes', { security: 'E_AUTH' });
  return toHex(bytes) as T;
}
