import { parseArgs } from 'node:util';
import { type Size, sizes } from './sizes.ts';

export interface BenchOptions {
  /** Workloads, W1 to W10 and `roofline`; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** Contestants; null: all that are installed. */
  readonly peers: readonly string[] | null;
  readonly rounds: number;
  readonly size: Size;
  /** Where results are collected; those that are there stay. */
  readonly into: string;
  /** Takes away what `into` has of the workloads and contestants that are run. */
  readonly isAnew: boolean;
  /** Where to work: several GiB on the disk that is to be measured. */
  readonly folder: string | null;
}

const usage = `npm run bench -- [--only W1,W2] [--peers holdfast,restic] [--rounds 3] [--size full|small]
                 [--into FILE] [--anew] [--folder DIR]`;

export function parseOptions(words: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: 'string' },
      peers: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      size: { type: 'string', default: 'full' },
      into: { type: 'string' },
      anew: { type: 'boolean', default: false },
      folder: { type: 'string' },
    },
  });
  const size = sizes[values.size];
  const rounds = Number(values.rounds);
  if (size === undefined || !Number.isInteger(rounds) || rounds < 1) throw new Error(usage);
  const list = (text: string | undefined): readonly string[] | null => text?.split(',').filter(Boolean) ?? null;
  const only = list(values.only);
  return {
    only: only === null ? null : new Set(only),
    peers: list(values.peers),
    rounds,
    size,
    into: values.into ?? `bench-${size.name}.json`,
    isAnew: values.anew,
    folder: values.folder ?? null,
  };
}
