import type { ObjectId } from '../../src/common/ids.ts';
import { contentNumber } from './content-book.ts';

interface Sending {
  readonly device: number;
  readonly content: number;
  /** How often a program saved it there. */
  saved: number;
  /** Objects that were sent for it. */
  readonly objects: Set<ObjectId>;
}

/** What each device sent of the contents that people saved: a file's first piece stands for it. */
export interface Sendings {
  saved(device: number, content: number): void;
  sealed(object: ObjectId, plain: Uint8Array): void;
  sent(device: number, objects: readonly ObjectId[]): void;
  /** What was sent more often than saved; the same object again does not count. */
  needless(): readonly Sending[];
}

export function sendings(): Sendings {
  const all = new Map<string, Sending>();
  const contents = new Map<ObjectId, number>();
  const of = (device: number, content: number): Sending => {
    const key = `${device} ${content}`;
    const known = all.get(key) ?? { device, content, saved: 0, objects: new Set() };
    all.set(key, known);
    return known;
  };
  return {
    saved(device, content) {
      of(device, content).saved++;
    },
    sealed(object, plain) {
      const content = contentNumber(plain);
      if (content !== null) contents.set(object, content);
    },
    sent(device, objects) {
      for (const object of objects) {
        const content = contents.get(object);
        if (content !== undefined) of(device, content).objects.add(object);
      }
    },
    needless: () => [...all.values()].filter(({ saved, objects }) => objects.size > saved),
  };
}
