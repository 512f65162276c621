import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forkServer } from '../../../src/app/own-server/server-process.ts';
import { threadServer } from '../../../src/app/own-server/server-thread.ts';
import { tempFolder } from '../../helpers/temp.ts';

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
