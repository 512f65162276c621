import type { Random } from '../../src/common/ids.ts';

/** A seeded stream of choices (sfc32). The same seed and name give the same stream; it never leaves the simulation. */
export interface Dice extends Random {
  /** 0 to 1, 1 excluded. */
  next(): number;
  /** 0 to n − 1. */
  below(n: number): number;
  /** True once in 1 / `share` times. */
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the names, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

function hash32(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

export function dice(seed: number, name: string): Dice {
  let a = hash32(name, 0x811c9dc5);
  let b = hash32(name, 0x9e3779b9 ^ seed);
  let c = seed | 0;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) word();

  const next = (): number => word() / 4_294_967_296;
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    weighted(weights) {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      let left = next() * names.reduce((sum, each) => sum + weights[each], 0);
      for (const each of names) {
        left -= weights[each];
        if (left < 0) return each;
      }
      return names[names.length - 1] as keyof typeof weights;
    },
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 4) {
        const value = word();
        for (let part = 0; part < 4 && at + part < length; part++) bytes[at + part] = value >>> (part * 8);
      }
      return bytes;
    },
  };
}
