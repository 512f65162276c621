/**
 * When each batch of the trash was first seen there, in milliseconds: the disk's own times may be those of a server that stands in
 * another year, or of a clock that was put right since.
 */
export type Noticed = ReadonlyMap<string, number>;

/** From storage; what cannot be read is forgotten, which only keeps the trash longer. */
export function parseNoticed(stored: unknown): Noticed {
  if (!Array.isArray(stored)) return new Map();
  return new Map(
    stored.filter(
      (each): each is [string, number] =>
        Array.isArray(each) && typeof each[0] === 'string' && typeof each[1] === 'number',
    ),
  );
}

/** Those that are there now. One that was seen in a future that did not come counts as seen now. */
export const notice = (known: Noticed, batches: readonly string[], now: number): Noticed =>
  new Map(batches.map((batch) => [batch, Math.min(known.get(batch) ?? now, now)]));
