import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serve } from '../../../src/app/own-server/serve.ts';
import { tempFolder } from '../../helpers/temp.ts';

const serveOn = (dataFolder: string) =>
  serve({
    dataFolder,
    listen: '127.0.0.1:0',
    origins: [],
    tls: null,
    isBehindProxy: false,
    signup: 'open',
    quota: null,
    level: 'warn',
    writeLog: () => undefined,
  });

it('no server begins in a folder that is synced; one that is there goes on', async () => {
  const base = await tempFolder('serve');
  const synced = join(base, 'synced');
  mkdirSync(join(synced, '.holdfast'), { recursive: true });
  await (await serveOn(join(synced, 'former'))).close();
  writeFileSync(join(synced, '.holdfast/marker'), '{}');
  symlinkSync(synced, join(base, 'link'));
  for (const data of [synced, join(synced, 'a/data'), join(base, 'link/data')]) {
    await expect(serveOn(data), data).rejects.toMatchObject({ kind: 'refused', reason: 'nested' });
  }
  expect(existsSync(join(synced, 'a'))).toBe(false);
  await (await serveOn(join(synced, 'former'))).close();
});
