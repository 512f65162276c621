import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliFlags } from '../../helpers/cli-flags.ts';
import { repository } from '../../helpers/run.ts';

it('the command that is installed starts Node as `npm run cli` does', () => {
  const [first] = readFileSync(join(repository, 'src/cli/holdfast.mjs'), 'utf8').split('\n');
  expect(first).toBe(`#!/usr/bin/env -S node ${cliFlags.join(' ')}`);
});
