import { expect, it } from 'vitest';
import { runNode } from '../../helpers/run.ts';

/** In total, over all targets; `npm run fuzz -- --seconds 600` for more. */
const seconds = 20;

it('[P6] no decoder breaks a promise: the corpus first, then half a minute of new inputs', async () => {
  const args = ['test/fuzz/fuzz.ts', '--seconds', String(seconds)];
  const { code, stdout, stderr } = await runNode(args, { within: 170_000 });
  expect(stdout + stderr).toMatch(/ 0 failures\s*$/);
  expect(code).toBe(0);
}, 180_000);
