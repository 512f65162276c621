const day = 24 * 3_600_000;
/** Trash and history are kept for 30 days; the clocks of a world may be some days apart. */
const keptMs = 25 * day;

/** Contents that have to be somewhere, for they were where they belong not long ago. */
export interface Lately {
  /** It is there now. */
  add(name: string): void;
  delete(name: string): void;
  has(name: string): boolean;
  /** So much time passes; those that are there at its start count from then on. */
  pass(ms: number, isThere: (name: string) => boolean): void;
  /** It was there so long ago that nobody needs to have it any more. */
  isForgotten(name: string): boolean;
  names(): Iterable<string>;
}

export function lately(): Lately {
  const ages = new Map<string, number>();
  return {
    add: (name) => void ages.set(name, 0),
    delete: (name) => void ages.delete(name),
    has: (name) => ages.has(name),
    pass(ms, isThere) {
      for (const [name, age] of ages) ages.set(name, (isThere(name) ? 0 : age) + ms);
    },
    isForgotten: (name) => (ages.get(name) ?? 0) >= keptMs,
    names: () => ages.keys(),
  };
}
