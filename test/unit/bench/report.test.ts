import { describe, expect, it } from 'vitest';
import { comparable } from '../../bench/report/comparable.ts';
import { picture } from '../../bench/report/picture.ts';
import { measuresIn, median, summarise } from '../../bench/report/summary.ts';
import { targets } from '../../bench/report/targets.ts';
import type { Results, Sample } from '../../bench/results.ts';
import { percentile } from '../../bench/workloads/percentile.ts';

const sample = (measure: string, peer: string, numbers: Record<string, number>, run = '1'): Sample => ({
  run,
  measure,
  peer,
  commit: 'abc',
  volume: 'disk',
  numbers,
});

const results = (samples: Sample[]): Results => ({
  size: 'full',
  machine: { processor: 'A <fast> one', cores: 2, memoryGb: 8, system: 'linux', node: 'v24', date: '2026-01-01' },
  peers: {
    holdfast: { title: 'Holdfast', version: '1', isEncrypted: true, isRemote: true },
    restic: { title: 'restic', version: '1', isEncrypted: true, isRemote: true },
    rsync: { title: 'rsync', version: '1', isEncrypted: false, isRemote: true },
  },
  limits: null,
  samples,
});

describe('medians', () => {
  it('is the middle, or what lies between the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
  it('takes percentiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, at) => at + 1);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.5)).toBe(7);
  });
  it('sums up by measure and contestant, in the order of the workloads', () => {
    const summary = summarise([
      sample('W2 up', 'restic', { wallSeconds: 9 }),
      sample('W1 down', 'restic', { wallSeconds: 5 }),
      sample('W1 up', 'restic', { wallSeconds: 1 }),
      sample('W1 up', 'restic', { wallSeconds: 3 }),
    ]);
    expect(summary.get('W1 up')?.get('restic')).toEqual({ wallSeconds: 2 });
    expect(measuresIn(summary)).toEqual(['W1 up', 'W1 down', 'W2 up']);
  });
});

it('compares within one run only', () => {
  const both = [
    sample('W1 up', 'holdfast', { wallSeconds: 9 }, '1'),
    sample('W1 up', 'restic', { wallSeconds: 3 }, '1'),
  ];
  const alone = sample('W1 up', 'holdfast', { wallSeconds: 1 }, '2');
  const withoutUs = sample('W3 up', 'restic', { wallSeconds: 5 }, '1');
  expect(comparable([...both, alone, withoutUs])).toEqual(both);
  const later = both.map((one) => ({ ...one, run: '3' }));
  expect(comparable([...both, alone, ...later])).toEqual(later);
});

describe('targets', () => {
  const judged = (ours: number, restic: number) => {
    const samples = [
      sample('W1 up', 'holdfast', { wallSeconds: ours / 2, durableSeconds: ours }),
      sample('W1 up', 'restic', { wallSeconds: restic }),
      sample('W1 up', 'rsync', { wallSeconds: 0.1 }),
    ];
    return targets(results(samples), summarise(samples));
  };
  it('holds the time until all is on the disk against the others’ mere end, those that encrypt only', () => {
    expect(judged(1, 2.2)).toMatchObject([{ isMet: true }]);
    expect(judged(1, 2.1)).toMatchObject([{ isMet: false }]);
  });
  it('says nothing of what was not measured', () => {
    expect(targets(results([]), summarise([]))).toEqual([]);
  });
});

it('draws what was measured, with nothing from outside that could break the picture', () => {
  const svg = picture(
    results([sample('W2 up', 'holdfast', { wallSeconds: 1 }), sample('W2 up', 'restic', { wallSeconds: 2 })]),
  );
  expect(svg).toContain('>restic</text>');
  expect(svg).not.toContain('<fast>');
});
