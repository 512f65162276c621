import type { AnyId } from '../common/ids.ts';

/** Where the rows of ids are, in memory: eight bytes an id, twice that while it grows. It only ever learns more. */
export interface IdTable {
  add(id: AnyId, ref: number): void;
  /** Refs under which the id may be, all that are and now and then one that is not: the row has to be compared. */
  candidates(id: AnyId): readonly number[];
}

const none: readonly number[] = [];

/** Ids are random, so that any 32 of their bits are a hash. */
const keyOf = (id: AnyId): number => Number.parseInt(id.slice(0, 8), 16);

/** Refs are below 2^32, and none is 0: that is the root, which nobody looks for here. */
export function createIdTable(): IdTable {
  let slots = 1 << 12;
  let keys = new Uint32Array(slots);
  let refs = new Uint32Array(slots);
  let count = 0;

  const put = (key: number, ref: number): void => {
    let at = key & (slots - 1);
    while (refs[at] !== 0) at = (at + 1) & (slots - 1);
    keys[at] = key;
    refs[at] = ref;
  };
  const grow = (): void => {
    const [oldKeys, oldRefs] = [keys, refs];
    slots *= 2;
    keys = new Uint32Array(slots);
    refs = new Uint32Array(slots);
    oldRefs.forEach((ref, at) => {
      if (ref !== 0) put(oldKeys[at] as number, ref);
    });
  };

  return {
    add: (id, ref) => {
      if (++count > 0.7 * slots) grow();
      put(keyOf(id), ref);
    },
    candidates: (id) => {
      const key = keyOf(id);
      let found: number[] | null = null;
      for (let at = key & (slots - 1); refs[at] !== 0; at = (at + 1) & (slots - 1)) {
        if (keys[at] !== key) continue;
        found ??= [];
        found.push(refs[at] as number);
      }
      return found ?? none;
    },
  };
}
