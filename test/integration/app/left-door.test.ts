import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectToHome } from '../../../src/app/connect.ts';
import { startDaemon } from '../../../src/app/daemon.ts';
import { type DaemonFile, daemonFile } from '../../../src/app/door/daemon-file.ts';
import { askDaemonAddress, reachDaemon } from '../../../src/app/door/reach-daemon.ts';
import { emptyConfig } from '../../../src/app/home/config.ts';
import { type Home, openHome } from '../../../src/app/home/home.ts';
import { tryLock } from '../../../src/app/home/home-lock.ts';
import { bareHost } from '../../../src/app/host/host.ts';
import { readStatus } from '../../../src/app/read-status.ts';
import { rpcVersion } from '../../../src/rpc/version.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** A daemon was killed, and a program of someone else listens at its port since, saying yes to everything. */
let home: Home;
let foreign: Server;
let heard: string[];
let left: DaemonFile;

beforeEach(async () => {
  heard = [];
  home = openHome(join(await tempFolder('left-door'), 'home'));
  foreign = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.end(JSON.stringify({ ok: true, value: emptyConfig.settings }));
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const { port } = foreign.address() as AddressInfo;
  left = { pid: 1, port, token: 'T'.repeat(43), rpcVersion, startedAt: 0 };
  daemonFile(home).write(left);
});
afterEach(() => new Promise((resolve) => foreign.close(resolve)));

it('nothing is asked of whoever has the port of a daemon that was killed, nor shown to a person', async () => {
  expect(await readStatus(home.folder)).toMatchObject({ account: null });
  daemonFile(home).write(left);
  expect(await askDaemonAddress(home)).toBeNull();
  daemonFile(home).write(left);
  const command = await connectToHome(home.folder, {});
  expect(await reachDaemon(home)).toBeNull();
  await command.close();
  expect(heard).toEqual([]);
});

it('nor by a daemon that is still starting', async () => {
  let isLeft = true;
  const host: typeof bareHost = (startServer) => {
    isLeft = existsSync(home.daemonFile);
    return bareHost(startServer);
  };
  const daemon = await startDaemon(home.folder, {}, { host });
  expect(isLeft).toBe(false);
  expect(heard).toEqual([]);
  await daemon.close();
});

it('a command says so where a daemon is there and does not answer, instead of waiting for ever', async () => {
  foreign.removeAllListeners('request');
  const lock = tryLock(home.lockFile);
  const asked = new Promise((resolve) => foreign.once('request', resolve));
  const reached = reachDaemon(home, 50);
  await expect(reached).rejects.toMatchObject({ kind: 'io', reason: 'daemon-silent' });
  await asked;
  foreign.closeAllConnections();
  lock?.release();
});

it('a daemon whose home lets nothing be removed any more ends all the same, with everything that it runs', async () => {
  const daemon = await startDaemon(home.folder, {});
  const { port } = daemonFile(home).read() as DaemonFile;
  // What stands for a disk that became read-only: nothing that removes a file removes this.
  rmSync(home.daemonFile);
  mkdirSync(home.daemonFile);
  await daemon.close();
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect(tryLock(home.lockFile)).not.toBeNull();
});
