import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, soon } from '../../helpers/eventually.ts';
import { runNode, startNode } from '../../helpers/run.ts';
import { removeTempFolders, tempFolder } from '../../helpers/temp.ts';

test('a temporary folder is gone with all it holds once it is removed', async () => {
  const path = await tempFolder('helpers');
  await writeFile(join(path, 'file'), 'x');
  await removeTempFolders();
  expect(existsSync(path)).toBe(false);
});

test('eventually returns what the probe finds, retries what throws, and names what did not happen', async () => {
  let calls = 0;
  const value = await eventually(() => {
    calls++;
    if (calls < 3) throw new Error('not yet');
    return calls;
  });
  expect(value).toBe(3);
  await expect(eventually(() => false, { within: 20, what: 'the moon' })).rejects.toThrow(/the moon .* 20 ms/);
  await expect(soon(new Promise(() => undefined), 'the sun', 5)).rejects.toThrow(/the sun/);
});

test('eventually probes at once when it is woken', async () => {
  let wake = (): void => undefined;
  let ready = false;
  const found = eventually(() => ready, {
    on: (tell) => {
      wake = tell;
      return () => undefined;
    },
  });
  ready = true;
  wake();
  expect(await found).toBe(true);
});

test('a child runs on the Node of this run; its output, its exit code and its lines are seen', async () => {
  const done = await runNode(['-e', 'console.log(process.version); console.error("e"); process.exit(3)']);
  expect(done).toEqual({ code: 3, signal: null, stdout: `${process.version}\n`, stderr: 'e\n' });
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
});

test('a child that serves is awaited by its line and killed by its id', async () => {
  const child = startNode(['-e', 'setInterval(() => 0, 1000); console.log("ready 1")']);
  expect(await child.line((line) => line.startsWith('ready'))).toBe('ready 1');
  const { signal } = await child.kill();
  expect(signal).toBe('SIGKILL');
  await expect(child.line((line) => line === 'never')).rejects.toThrow(/ended before/);
});

test('a child that never ends fails the run by its deadline', async () => {
  await expect(runNode(['-e', 'setInterval(() => 0, 1000)'], { within: 200 })).rejects.toThrow(/was killed/);
});
