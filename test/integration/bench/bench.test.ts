import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GrowthResults } from '../../bench/growth/growth-results.ts';
import type { Results } from '../../bench/results.ts';
import { repository, runNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const bench = join(repository, 'test/bench');

const linux = it.skipIf(process.platform !== 'linux'); // it counts by /proc

linux('measures a small workload from end to end, checks what arrived, and reports it', async () => {
  const into = join(await tempFolder('bench-test'), 'results.json');
  const words = ['--only', 'W2,W4', '--peers', 'holdfast,rsync', '--size', 'small', '--rounds', '1', '--into', into];
  const run = await runNode([join(bench, 'bench.ts'), ...words]);
  expect(run.stderr).not.toMatch(/FAILED/);
  expect(run.code).toBe(0);

  const { samples } = JSON.parse(readFileSync(into, 'utf8')) as Results;
  const ours = samples.filter(({ peer }) => peer === 'holdfast');
  const measures = ['W2 up', 'W2 down', 'W2 across', 'W4 up', 'W4 down', 'W4 across', 'W4 watched'];
  expect(ours.map(({ measure }) => measure)).toEqual(measures);
  for (const { numbers } of ours) {
    for (const name of ['wallSeconds', 'deviceCpuSeconds', 'devicePeakMb', 'serverPeakMb', 'wireMb']) {
      expect(numbers[name], name).toBeGreaterThan(0);
    }
  }

  const report = await runNode([join(bench, 'report/report.ts'), into, '--picture', `${into}.svg`]);
  expect(report.stdout).toContain('| W4 up');
  expect(readFileSync(`${into}.svg`, 'utf8')).toContain('<svg');
});

linux('measures how costs grow', async () => {
  const into = join(await tempFolder('bench-test'), 'growth.json');
  const words = ['--files', '200', '--flat', '30', '--bytes', '100', '--large', '1', '--nodes', '500', '--into', into];
  const run = await runNode([join(bench, 'growth/growth.ts'), ...words]);
  expect(run.code, run.stderr).toBe(0);
  const { trees, large, nodes } = JSON.parse(readFileSync(into, 'utf8')) as GrowthResults;
  expect(trees.map(({ files, folders }) => [files, folders])).toEqual([
    [200, 2],
    [30, 1],
  ]);
  expect(trees[0]?.indexBytes).toBeGreaterThan(0);
  expect(trees[0]?.watchedMs).toBeGreaterThan(0);
  expect(large[0]?.up.wireMb).toBeGreaterThan(1);
  expect(nodes[0]?.fromLog.nodes).toBe(500);
  expect(run.stdout).toContain('| MiB');
});

linux('puts a server under load, every answer of which is checked', async () => {
  const words = ['--seconds', '0.1', '--parallel', '2', '--clients', '0'];
  const run = await runNode([join(bench, 'server/server-bench.ts'), ...words]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout).toContain('append with one object, 2 logs');
});
