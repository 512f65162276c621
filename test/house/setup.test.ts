import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, runNode } from '../helpers/run.ts';
import { tempFolder } from '../helpers/temp.ts';

test('a rejection that nobody handles fails the run, though each test passed', async () => {
  const root = await tempFolder('setup');
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  await mkdir(join(root, 'test', 'unit'), { recursive: true });
  for (const shared of ['setup', 'helpers'])
    await symlink(join(repository, 'test', shared), join(root, 'test', shared));
  const planted = join(root, 'test', 'unit', 'planted.test.ts');
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    join(repository, 'vitest.config.ts'),
    '--root',
    root,
  ];

  await writeFile(planted, `import { test } from 'vitest';\ntest('passes', () => undefined);\n`);
  const calm = await runNode(args);
  expect(calm.stdout).toContain('1 passed');
  expect(calm.code).toBe(0);

  await writeFile(
    planted,
    `import { test } from 'vitest';\ntest('passes', () => { Promise.reject(new Error('planted')); });\n`,
  );
  const leaky = await runNode(args);
  expect(leaky.stderr).toContain('planted');
  expect(leaky.code).toBe(1);
});

test.each([
  ['20.0.0', 'test/setup/need-node.mjs'],
  ['20.0.0', 'src/cli/holdfast.mjs'],
  ['24.1.0', 'src/cli/holdfast.mjs'],
])('Node %s, which is too old, is refused in words by %s', async (version, file) => {
  const old = `Object.defineProperty(process.versions, "node", { value: "${version}" });`;
  const run = await runNode(['-e', `${old} import(${JSON.stringify(join(repository, file))})`]);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(`Holdfast needs Node 24.2 or newer; this is ${version} `);
  expect(run.stderr).toMatch(/^.*\n.*npm rebuild node/);
});

test.each(['24.2.0', '25.0.0', '26.1.0'])('Node %s will do', async (version) => {
  const given = `Object.defineProperty(process.versions, "node", { value: "${version}" });`;
  const run = await runNode(['-e', `${given} import(${JSON.stringify(join(repository, 'test/setup/need-node.mjs'))})`]);
  expect(run.code).toBe(0);
});
