import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import type { Random } from '../../common/ids.ts';
import { toBase64url } from '../../wire/base64url.ts';
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

/** `invite`: without it nobody signs up there, as others who use this computer might; a home that an earlier version made has none. */
const stored = z.object({ port: z.int().min(1024).max(65_535), invite: z.string().max(128).optional() });
const fileIn = (folder: string) => stateFile(join(folder, 'server.json'), 1, stored);
const file = (home: Home) => fileIn(home.folder);

/** Null if this home runs none. */
export function findLocalServer(home: Home): LocalServer | null {
  const found = file(home).read();
  return found === null ? null : at(home, found.port);
}

export const localServerOrigin = (home: Home): string | null => findLocalServer(home)?.origin ?? null;

/** For the server itself: whom it takes, by what lies beside its data, where only this person can read it. */
export function signupPolicy(dataFolder: string): 'open' | { readonly invite: string } {
  const invite = fileIn(dirname(dataFolder)).read()?.invite;
  return invite === undefined ? 'open' : { invite };
}

/** What lets this home sign up at that origin, if that is its own server. */
export function inviteFor(home: Home, origin: string): { readonly invite?: string } {
  const found = file(home).read();
  return found?.invite === undefined || at(home, found.port).origin !== origin ? {} : { invite: found.invite };
}

/** The one of this home, which it has from now on. */
export async function makeLocalServer(home: Home, random: Random): Promise<LocalServer> {
  const found = file(home).read();
  if (found?.invite !== undefined) return at(home, found.port);
  const port = found?.port ?? (await freePort(random));
  file(home).write({ port, invite: toBase64url(random.bytes(16)) });
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
