import type { Disk } from '../../src/local/disk.ts';
import { nodeDisk } from '../../src/local/node-disk.ts';

/** The paths that a call was given. */
type Act = (...paths: string[]) => void;

export interface MeddlingDisk {
  readonly disk: Disk;
  /** Another program acts once, right before the next call of that name whose paths match. */
  before(call: keyof Disk, paths: RegExp, act: Act): void;
  /** The same right after it. */
  after(call: keyof Disk, paths: RegExp, act: Act): void;
}

/** The real disk, shared with a program that acts at the worst moment. `instead`: calls that answer otherwise. */
export function meddlingDisk(instead: Partial<Disk> = {}): MeddlingDisk {
  let waiting: { readonly call: string; readonly order: 'before' | 'after'; paths: RegExp; act: Act } | null = null;
  const meddle = (call: string, order: 'before' | 'after', paths: string[]): void => {
    if (waiting?.call !== call || waiting.order !== order || !waiting.paths.test(paths.join(' '))) return;
    const { act } = waiting;
    waiting = null;
    act(...paths);
  };
  const disk = Object.fromEntries(
    Object.entries({ ...nodeDisk, ...instead }).map(([name, call]) => [
      name,
      typeof call === 'string'
        ? call
        : (...given: unknown[]) => {
            const paths = given.filter((value) => typeof value === 'string');
            meddle(name, 'before', paths);
            const result = (call as (...given: unknown[]) => unknown)(...given);
            meddle(name, 'after', paths);
            return result;
          },
    ]),
  ) as unknown as Disk;
  return {
    disk,
    before: (call, paths, act) => {
      waiting = { call, order: 'before', paths, act };
    },
    after: (call, paths, act) => {
      waiting = { call, order: 'after', paths, act };
    },
  };
}
