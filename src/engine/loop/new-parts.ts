import type { IndexReader, KnownNode } from '../../db/index-port.ts';

/** What is new, so many nodes at a time; the last part has what is left, be it nothing. */
export function* newParts(read: Pick<IndexReader, 'divergedRows'>, size: number): Generator<readonly KnownNode[]> {
  let part: KnownNode[] = [];
  for (const rows of read.divergedRows('new')) {
    part.push(rows);
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  yield part;
}
