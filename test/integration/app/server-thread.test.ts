import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountFile } from '../../../src/app/account/account-file.ts';
import { logIn, signUp } from '../../../src/app/account/sign-in.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { keepServer } from '../../../src/app/own-server/kept-server.ts';
import { findLocalServer, inviteFor, signupPolicy } from '../../../src/app/own-server/local-server.ts';
import { forkServer, serverProgram } from '../../../src/app/own-server/server-process.ts';
import { threadServer } from '../../../src/app/own-server/server-thread.ts';
import type { Connect } from '../../../src/app/ports.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { connectTo } from '../../helpers/test-server.ts';

/** A port that was free a moment ago. */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

describe.each([
  ['a process', forkServer],
  ['a thread', threadServer],
])('the server of this computer in %s', (_name, start) => {
  it('answers where it says, until it is stopped', async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const server = start({ dataFolder: join(await tempFolder('server'), 'data'), port, origin });
    expect(await server.ready).toBe(origin);
    // Any answer is one.
    expect((await fetch(`${origin}/v1/nothing`)).status).toBe(404);
    await server.stop();
    await server.gone;
    await expect(fetch(origin)).rejects.toThrow();
  });

  it('says why it cannot start, and is gone', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const dataFolder = join(await tempFolder('server'), 'data');
    const server = start({ dataFolder, port, origin: `http://127.0.0.1:${port}` });
    await expect(server.ready).rejects.toMatchObject({ kind: 'io', reason: 'local-server' });
    await server.gone;
    await new Promise((resolve) => taken.close(resolve));
  });
});

it('the server of this computer is gone, too, where the system could not even start its program', async () => {
  const { execPath } = process;
  process.execPath = join(await tempFolder('nowhere'), 'node');
  const server = forkServer({ dataFolder: 'none', port: 1, origin: 'http://127.0.0.1:1' });
  process.execPath = execPath;
  await expect(server.ready).rejects.toMatchObject({ code: 'ENOENT' });
  await server.gone;
  await server.stop();
});

it('the server of this computer leaves what a terminal sends to all its programs to the one that started it', async () => {
  const port = await freePort();
  const child = fork(serverProgram(), [join(await tempFolder('server'), 'data'), String(port)], {
    stdio: 'ignore',
    serialization: 'advanced',
  });
  const ended = once(child, 'exit');
  await once(child, 'message');
  child.kill('SIGINT');
  expect((await fetch(`http://127.0.0.1:${port}/v1/nothing`)).status).toBe(404);
  child.disconnect();
  expect(await ended).toEqual([0, null]);
});

it('a computer has one server, however many ask for it at once', async () => {
  const home = openHome(join(await tempFolder('home'), 'home'));
  const started: string[] = [];
  const { promise: gone, resolve: end } = Promise.withResolvers<void>();
  const kept = keepServer({ home, random: systemRandom, clock: systemClock, logger: silentLogger }, ({ origin }) => {
    started.push(origin);
    return { ready: Promise.resolve(origin), gone, stop: async () => end() };
  });
  const answers = await Promise.all([kept.origin(), kept.origin()]);
  expect(new Set([...answers, ...started, findLocalServer(home)?.origin])).toHaveLength(1);
  await kept.stop();
});

it('the server of this computer takes accounts of its own home, and of nobody else who uses the computer', async () => {
  const home = openHome(join(await tempFolder('home'), 'home'));
  // As an earlier version left it.
  writeFileSync(join(home.folder, 'server.json'), JSON.stringify({ format: 1, port: 20_000 + randomInt(12_000) }));
  const parts = { home, random: systemRandom, clock: systemClock, logger: silentLogger };
  const kept = keepServer(parts, threadServer);
  try {
    await kept.begin();
    const origin = await kept.origin();
    const connect: Connect = async (server, session) => connectTo(server, session);
    const place = (name: string) => ({ server: origin, email: `${name}@example.org`, deviceName: name });
    const stranger = await appPorts(connect);
    await expect(signUp(stranger, place('stranger'), 'a good long password')).rejects.toMatchObject({
      kind: 'refused',
      reason: 'signup-closed',
    });
    const own = await appPorts(connect, { home });
    await signUp(own, place('one'), 'a good long password');
    // Others of the same account, and further accounts of this home, are let in.
    await logIn(stranger, place('one'), 'a good long password');
    accountFile(home).remove();
    await signUp(own, place('two'), 'a good long password');
    expect(signupPolicy(join(home.folder, 'server'))).toEqual(inviteFor(home, origin));
    expect(inviteFor(home, 'http://127.0.0.1:1')).toEqual({});
    expect(statSync(join(home.folder, 'server.json')).mode & 0o077).toBe(0);
  } finally {
    await kept.stop();
  }
});
