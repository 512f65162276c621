/** Cheap repeatable randomness (xorshift128+ on 32 bits); for choices, never for keys. */
export interface Dice {
  /** 0 to `below` - 1. */
  under(below: number): number;
  pick<T>(list: readonly T[]): T;
}

export function makeDice(seed: number): Dice {
  let [a, b, c, d] = [seed | 1, 0x9e3779b9 ^ seed, 0x243f6a88, 0xb7e15162];
  const next = (): number => {
    const t = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return d >>> 0;
  };
  for (let i = 0; i < 16; i++) next();
  return {
    under: (below) => next() % below,
    pick: (list) => list[next() % list.length] as (typeof list)[number],
  };
}
