import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../helpers/run.ts';

interface Judgement {
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly unknown[];
}

const { status } = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']);
const isThere = status === 0;
if (!isThere)
  process.stderr.write('warning: there is no Python 3.8 here: nobody reads the vectors in another language\n');

const title = isThere ? '' : ' (SKIPPED: there is no Python 3.8 or newer on this machine)';

it.skipIf(!isThere)(
  `a reader in Python, written from FORMAT.md alone, judges the vectors as we do${title}`,
  async () => {
    const folder = import.meta.dirname;
    const args = [join(folder, 'other-language/check.py'), join(folder, 'formats')];
    const env = { PYTHONDONTWRITEBYTECODE: '1' };
    const { code, stdout, stderr } = await runProgram('python3', args, { env, within: 120_000 });
    expect([code, stderr]).toEqual([0, '']);
    const { counts, differences } = JSON.parse(stdout) as Judgement;
    expect(differences).toEqual([]);
    expect(Object.keys(counts).length).toBeGreaterThan(20);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(700);
  },
  150_000,
);
