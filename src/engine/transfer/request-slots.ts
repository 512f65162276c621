/** How many requests of one kind are worth having under way at once. */
export interface RequestSlots {
  readonly count: number;
  /** One was answered after so many milliseconds. */
  answered(ms: number): void;
}

/** A request that takes this many round trips or less has mostly waited for the way, and the line has room for another one. */
const roomy = 2.5;
/** From here on it waits for others of its kind. */
const crowded = 4;

/**
 * `least` on a line whose round trip is nothing beside what is sent, up to `most` on a far one: a line that takes 50 ms and
 * carries 1 Gbit/s each second is empty most of the time while three small requests wait for their answers. By delay, as
 * TCP Vegas does it (Brakmo and Peterson, 1995): one more while answers come hardly later than the way there and back takes,
 * one less when they queue. `roundTrip`: in milliseconds, 0 while nobody knows.
 */
export function requestSlots(least: number, most: number, roundTrip: () => number): RequestSlots {
  let count = least;
  return {
    get count() {
      return count;
    },
    answered(ms) {
      const way = roundTrip();
      if (ms <= roomy * way) count = Math.min(most, count + 1);
      else if (ms > crowded * way) count = Math.max(least, count - 1);
    },
  };
}
