import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDaemon } from '../../../src/app/daemon.ts';
import { runNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('`open` prints an address of the running daemon that opens one page', async () => {
  const home = join(await tempFolder('open'), 'home');
  const open = () => runNode(['src/cli/holdfast.mjs', 'open', '--json', '--home', home]);
  const without = await open();
  expect(without.code).toBe(1);
  expect(without.stderr).toContain('No daemon is running');

  const daemon = await startDaemon(home, {});
  const { url } = JSON.parse((await open()).stdout) as { url: string };
  await daemon.close();
  expect(new URL(url).origin).toBe(new URL(daemon.newAddress()).origin);
  expect(new URL(url).hash).toMatch(/^#[\w-]{43}$/);
});
