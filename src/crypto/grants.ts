import { type AccountId, idBytes, type VaultId } from '../common/ids.ts';
import { encodeCbor } from './cbor.ts';
import { notAuthentic } from './failure.ts';
import { arrayOf, bytesOf, countOf, decodeStructure, idOf } from './fields.ts';
import { suite } from './labels.ts';

/** One vault key, sealed to each member's account (FORMAT.md 9). The epoch operation pins SHA-256 of the encoding. */
export interface Grants {
  readonly vault: VaultId;
  readonly epoch: number;
  /** Sorted by account, each once. */
  readonly grants: readonly { readonly account: AccountId; readonly grant: Uint8Array }[];
}

const maxLength = 1024 * 1024;

export const encodeGrants = (grants: Grants): Uint8Array =>
  encodeCbor([
    'grants',
    suite,
    idBytes(grants.vault),
    grants.epoch,
    grants.grants.map(({ account, grant }) => [idBytes(account), grant]),
  ]);

/** Throws E_AUTH, E_LIMIT or E_DOWNGRADE. */
export function parseGrants(bytes: Uint8Array): Grants {
  const fields = decodeStructure(bytes, 'grants', 5, maxLength);
  let last = '';
  const grants = arrayOf(fields[4]).map((item) => {
    const [account, grant] = arrayOf(item, 2);
    const id = idOf<AccountId>(account);
    if (id <= last) throw notAuthentic();
    last = id;
    return { account: id, grant: bytesOf(grant) };
  });
  return { vault: idOf(fields[2]), epoch: countOf(fields[3], 1), grants };
}
