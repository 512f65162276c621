import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { type ServeOptions, serve } from '../../../src/app/own-server/serve.ts';
import type { HttpStorageOptions } from '../../../src/remote/http-storage-api.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { createVault, makeObject } from '../../helpers/test-account.ts';
import { connectTo, signUp } from '../../helpers/test-server.ts';

const serveOn = (dataFolder: string, options: Partial<ServeOptions> = {}) =>
  serve({
    dataFolder,
    listen: '127.0.0.1:0',
    origins: [],
    tls: null,
    isBehindProxy: false,
    metricsToken: null,
    signup: 'open',
    quota: null,
    level: 'warn',
    writeLog: () => undefined,
    onFailed: () => undefined,
    ...options,
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

it('counters of a server behind a proxy are for whoever has its token', async () => {
  const options = { isBehindProxy: true, metricsToken: 'counted' };
  const server = await serveOn(join(await tempFolder('serve'), 'data'), options);
  const ask = async (token: string) =>
    (await fetch(`${server.url}/v1/metrics`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await ask('counted'), await ask('other')]).toEqual([200, 403]);
  await server.close();
});

it.each([
  ['info', ['GET /v1/health 200']],
  ['warn', []],
] as const)('at the level %s it logs requests: %j', async (level, expected) => {
  const lines: string[] = [];
  const server = await serveOn(join(await tempFolder('serve'), 'data'), {
    level,
    writeLog: (line) => lines.push(line),
  });
  await (await fetch(`${server.url}/v1/health`)).text();
  await server.close();
  const requests = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'request');
  expect(requests.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual(expected);
});

it('a disk that fails under its database is told of, since only a server that is started anew can write again', async () => {
  const dataFolder = join(await tempFolder('serve'), 'data');
  const onFailed = vi.fn();
  const server = await serveOn(dataFolder, { onFailed });
  const apis: StorageApi[] = [];
  const connect = (options: Partial<HttpStorageOptions>): StorageApi => {
    const api = connectTo(server.url, options);
    apis.push(api);
    return api;
  };
  const { api, account } = await signUp(connect);
  const vault = await createVault(api, account);
  const object = makeObject(200);
  const file = await open(join(dataFolder, 'format'));
  const handles = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
  const { datasync } = handles;
  // The first one is that of the pack.
  const failing = vi
    .spyOn(handles, 'datasync')
    .mockImplementationOnce(function (this: FileHandle) {
      return datasync.call(this);
    })
    .mockRejectedValueOnce(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  await expect(api.putObjects(vault.id, [object])).rejects.toMatchObject({ reason: 'disk' });
  failing.mockRestore();
  expect(onFailed.mock.calls).toEqual([[expect.objectContaining({ kind: 'io', reason: 'disk' })]]);
  await server.close();

  const anew = await serveOn(dataFolder, { listen: new URL(server.url).host });
  await api.putObjects(vault.id, [object]);
  await Promise.all(apis.map((each) => each.close()));
  await anew.close();
  expect(onFailed).toHaveBeenCalledTimes(1);
});
