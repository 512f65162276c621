import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { buildProgram } from './build-program.ts';
import { openDesktop } from './desktop.ts';
import { electronProgram, switches, whyNoApp } from './electron.ts';

/**
 * Packages run the engine in a utility process. The engine itself cannot be run so on the Electron of these tests, whose
 * Node is too old for its database; what starts it, speaks to it and ends it can.
 */
describe.skipIf(whyNoApp() !== null)('a program in a utility process', () => {
  it('hears and answers, has a small heap, ends when it is asked to, and is ended when it hangs', async () => {
    const [desktop, root] = await Promise.all([openDesktop(), tempFolder('utility')]);
    try {
      await writeFile(join(root, 'package.json'), JSON.stringify({ type: 'module', main: 'main.js' }));
      const at = (name: string): string => join(repository, 'test/e2e/app/utility', name);
      await buildProgram(root, { main: at('main.ts'), program: at('program.ts') }, ['electron']);
      const file = join(root, 'seen.json');
      const app = spawn(electronProgram, [...switches, root], {
        env: { ...desktop.environment, HOLDFAST_SEEN: file },
        stdio: 'ignore',
        timeout: 90_000,
        killSignal: 'SIGKILL',
      });
      expect(await once(app, 'exit')).toEqual([0, null]);
      const { measured, ...seen } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      expect(seen).toEqual({
        first: 'ready',
        heard: { heard: { number: 1, input: { path: 'a/ü' }, bytes: [1, 2] } },
        hasPid: true,
        isClosed: true,
        wasCutOff: false,
      });
      const { youngHeap, words } = measured as { youngHeap: number; words: readonly string[] };
      expect(words).toEqual(['a word']);
      expect(youngHeap).toBeGreaterThan(0);
      expect(youngHeap).toBeLessThanOrEqual(3 * 1024 * 1024);
    } finally {
      await desktop.close();
    }
  });
});
