import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountFile } from '../../../src/app/account/account-file.ts';
import { type AccountSession, openAccountSession } from '../../../src/app/account/account-session.ts';
import { logIn, signUp } from '../../../src/app/account/sign-in.ts';
import type { PairRecord } from '../../../src/app/home/config.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { type PairHost, pairHost } from '../../../src/app/pairs/pair-host.ts';
import type { Ports } from '../../../src/app/ports.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { openOrMakeVault } from '../../../src/app/vaults/vault-directory.ts';
import type { Clock } from '../../../src/common/clock.ts';
import { must } from '../../../src/common/errors.ts';
import { newId, type PairId, type VaultId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { Issue, PairStatus, SyncResult } from '../../../src/model/status.ts';
import { appPorts } from '../../helpers/app-ports.ts';
import { type Files, filesIn } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { connectTo } from '../../helpers/test-server.ts';
import type { Who } from './liar.ts';

export const password = 'planted password 7Kq2 heron lamp';

/** The least that clients accept. */
export const kdfCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };

/** How a run ended: with a result, or with what stopped it. */
export interface Run {
  readonly result: SyncResult | null;
  readonly error: unknown;
}

export interface ClientPair {
  readonly vault: VaultId;
  readonly files: Files;
  /** As a command does it: the account first, then the pair. */
  sync(): Promise<Run>;
  status(): PairStatus;
  issues(): Promise<readonly Issue[]>;
  host(): PairHost;
}

/** One device, with everything of it in one home, as the app puts it together. */
export interface Client {
  readonly who: Who;
  readonly ports: Ports;
  readonly session: AccountSession;
  /** A folder pair with the vault of this name, which is made if need be. */
  pair(name: string): Promise<ClientPair>;
  /** The wall clock of this device goes on by so many milliseconds, and nothing else does. */
  pass(ms: number): void;
  /** The process ends, and another one begins with what is on the disk. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface MovedClock extends Clock {
  ahead: number;
}

const movedClock = (): MovedClock => {
  const clock: MovedClock = { ...systemClock, ahead: 0, now: () => systemClock.now() + clock.ahead };
  return clock;
};

export const clientPorts = (server: string, clock: Clock = systemClock): Promise<Ports> =>
  appPorts(async (_, session) => connectTo(server, session), { clock, kdfCost });

/** Signs up (the words then are the account's) or in. */
export async function openClient(
  who: Who,
  server: string,
  email: string,
  isFirst: boolean,
): Promise<{ readonly client: Client; readonly words: string | null }> {
  const clock = movedClock();
  const ports = await clientPorts(server, clock);
  const place = { server, email, deviceName: `PlantedNameZ9ostrich ${who}` };
  const made = isFirst ? await signUp(ports, place, password) : null;
  if (made === null) await logIn(ports, place, password);
  return { client: await clientOf(who, ports, clock), words: made?.recoveryWords ?? null };
}

/** Another device's home as it is now, as a device that knows no vault: to be told lies that the other one shall not hear. */
export async function openCopy({ who, ports }: Client): Promise<Client> {
  const folder = join(await tempFolder('home-copied'), 'home');
  cpSync(ports.home.folder, folder, { recursive: true });
  const clock = movedClock();
  const home = openHome(folder);
  const { connect } = ports;
  return clientOf(who, await appPorts(connect, { home, clock, kdfCost }), clock);
}

const ignored = { onStatus: () => undefined, keepSelection: () => undefined, watchAgain: () => undefined };

/** The device that is signed in at this home. */
async function clientOf(who: Who, ports: Ports, clock: MovedClock): Promise<Client> {
  const folders = await tempFolder('folders');
  const records = new Map<PairId, PairRecord>();
  const hosts = new Map<PairId, PairHost>();
  let session = await openAccountSession(ports, must(accountFile(ports.home).read()));

  const host = (pair: PairId): PairHost => {
    const open = hosts.get(pair) ?? pairHost(ports, session, must(records.get(pair)), ignored);
    hosts.set(pair, open);
    return open;
  };
  const close = async (): Promise<void> => {
    await Promise.all([...hosts.values()].map((open) => open.close()));
    hosts.clear();
    await session.close();
  };

  return {
    who,
    ports,
    get session() {
      return session;
    },
    pair: async (name) => {
      const { vault } = await openOrMakeVault(ports, session, name);
      const pair = newId<PairId>(systemRandom);
      const folder = join(folders, pair);
      mkdirSync(folder);
      records.set(pair, { pair, vault, vaultName: name, folder, isPaused: false, createdAt: 0 } as PairRecord);
      return {
        vault,
        files: filesIn(folder),
        sync: async () => {
          try {
            await session.refresh();
            return { result: await host(pair).sync(), error: null };
          } catch (error) {
            return { result: null, error };
          }
        },
        status: () => host(pair).status(),
        issues: async () => (await host(pair).open()).issues(),
        host: () => host(pair),
      };
    },
    pass: (ms) => {
      clock.ahead += ms;
    },
    restart: async () => {
      await close();
      session = await openAccountSession(ports, must(accountFile(ports.home).read()));
    },
    close,
  };
}
