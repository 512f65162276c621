import { concat } from '../common/bytes.ts';
import { assert } from '../common/errors.ts';
import { idBytes, type VaultId } from '../common/ids.ts';
import { encodeCbor } from '../crypto/cbor.ts';
import { suite } from '../crypto/labels.ts';
import { isInOrder, rowFields, type StateRow } from './state-row.ts';

const maxRowBytes = 1_048_576;
const maxRows = 4096;

/**
 * Page plaintexts of a state, filled greedily: equal states give equal pages, whoever writes them (FORMAT.md 12). One page
 * is in memory at a time. Rows out of order are a bug of the caller.
 */
export async function* statePages(
  vault: VaultId,
  rows: Iterable<StateRow> | AsyncIterable<StateRow>,
): AsyncGenerator<Uint8Array> {
  let page: Uint8Array[] = [];
  let bytes = 0;
  let index = 0;
  let last: StateRow | null = null;
  for await (const row of rows) {
    assert(last === null || isInOrder(last, row), 'the rows of a state are out of order');
    last = row;
    const encoded = encodeCbor(rowFields(row));
    if (page.length === maxRows || (page.length > 0 && bytes + encoded.length > maxRowBytes)) {
      yield encodePage(vault, index++, page);
      page = [];
      bytes = 0;
    }
    page.push(encoded);
    bytes += encoded.length;
  }
  if (page.length > 0) yield encodePage(vault, index, page);
}

/** `["state-page", 1, vault, index, rows]` around rows that are encoded already. */
function encodePage(vault: VaultId, index: number, rows: readonly Uint8Array[]): Uint8Array {
  const empty = encodeCbor(['state-page', suite, idBytes(vault), index, []]);
  return concat(empty.subarray(0, -1), arrayHead(rows.length), ...rows);
}

const arrayHead = (count: number): Uint8Array =>
  count < 24
    ? Uint8Array.of(0x80 | count)
    : count < 256
      ? Uint8Array.of(0x98, count)
      : Uint8Array.of(0x99, count >> 8, count & 255);
