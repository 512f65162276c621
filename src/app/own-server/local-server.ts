import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import type { Random } from '../../common/ids.ts';
import type { Home } from '../home/home.ts';
import { stateFile } from '../home/state-file.ts';

/**
 * The storage server of “this computer”: a process of its own on loopback, with its data in the home. Its port is chosen
 * once and kept, since accounts know their server by its address.
 */
export interface LocalServer {
  readonly dataFolder: string;
  readonly port: number;
  readonly origin: string;
}

const stored = z.object({ port: z.int().min(1024).max(65_535) });
const file = (home: Home) => stateFile(join(home.folder, 'server.json'), 1, stored);

/** Null if this home runs none. */
export function findLocalServer(home: Home): LocalServer | null {
  const found = file(home).read();
  return found === null ? null : at(home, found.port);
}

export const localServerOrigin = (home: Home): string | null => findLocalServer(home)?.origin ?? null;

/** The one of this home, which it has from now on. */
export async function makeLocalServer(home: Home, random: Random): Promise<LocalServer> {
  const found = findLocalServer(home);
  if (found !== null) return found;
  const port = await freePort(random);
  file(home).write({ port });
  return at(home, port);
}

const at = (home: Home, port: number): LocalServer => ({
  dataFolder: join(home.folder, 'server'),
  port,
  origin: `http://127.0.0.1:${port}`,
});

/** Below the ports that systems hand out by themselves, so that no other program is given it while we are not running. */
const lowest = 20_000;
const span = 12_000;

async function freePort(random: Random): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const [high = 0, low = 0] = random.bytes(2);
    const port = lowest + ((high * 256 + low) % span);
    if (await isFree(port)) return port;
  }
  throw new HoldfastError('io', 'No free port was found on 127.0.0.1 for the server.', { reason: 'port' });
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
