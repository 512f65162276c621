import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Results } from '../../bench/results.ts';
import { repository, runNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const bench = join(repository, 'test/bench');

it.skipIf(process.platform !== 'linux')(
  'measures a small workload from end to end, checks what arrived, and reports it',
  async () => {
    const into = join(await tempFolder('bench-test'), 'results.json');
    const words = ['--only', 'W2,W4', '--peers', 'holdfast,rsync', '--size', 'small', '--rounds', '1', '--into', into];
    const run = await runNode([join(bench, 'bench.ts'), ...words]);
    expect(run.stderr).not.toMatch(/FAILED/);
    expect(run.code).toBe(0);

    const { samples } = JSON.parse(readFileSync(into, 'utf8')) as Results;
    const ours = samples.filter(({ peer }) => peer === 'holdfast');
    const measures = ['W2 up', 'W2 down', 'W2 across', 'W4 up', 'W4 down', 'W4 across'];
    expect(ours.map(({ measure }) => measure)).toEqual(measures);
    for (const { numbers } of ours) {
      for (const name of ['wallSeconds', 'deviceCpuSeconds', 'devicePeakMb', 'serverPeakMb', 'wireMb']) {
        expect(numbers[name], name).toBeGreaterThan(0);
      }
    }

    const report = await runNode([join(bench, 'report/report.ts'), into, '--picture', `${into}.svg`]);
    expect(report.stdout).toContain('| W4 up');
    expect(readFileSync(`${into}.svg`, 'utf8')).toContain('<svg');
  },
);
