import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AccountSession, openAccountSession } from '../../../src/app/account/account-session.ts';
import { logIn, signUp } from '../../../src/app/account/sign-in.ts';
import { revokeThisDevice } from '../../../src/app/account/sign-out.ts';
import { openHome } from '../../../src/app/home/home.ts';
import { fileKeychain } from '../../../src/app/keychain/file-keychain.ts';
import { nowUs, type Ports } from '../../../src/app/ports.ts';
import type { RescueReport } from '../../../src/app/rescue/report.ts';
import { type RescueOptions, rescueAccount } from '../../../src/app/rescue/rescue-account.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { newId, type VaultId } from '../../../src/common/ids.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { newVault } from '../../../src/vault/new-vault.ts';
import { type ScenarioDevice, scenarioDevice } from '../../helpers/scenario-device.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { startTestServer, type TestServer } from '../../helpers/test-server.ts';

export const plantedPassword = 'planted password 7Kq2 heron lamp';
/** The least that clients accept: stretching is not what these tests are about. */
const kdfCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };

/** One account on the real server, with real devices, vaults and folders, all in this process. */
export interface RescueWorld {
  readonly server: TestServer;
  readonly email: string;
  readonly words: string;
  readonly session: AccountSession;
  vault(name: string): Promise<VaultId>;
  /** A folder pair of the first device. */
  device(vault: VaultId, session?: AccountSession): Promise<ScenarioDevice>;
  /** Another device of the account. */
  join(name: string): Promise<JoinedDevice>;
  /** A copy of the server's data as it is now, with its write-ahead log. */
  copy(): Promise<string>;
  close(): Promise<void>;
}

export interface JoinedDevice {
  readonly session: AccountSession;
  /** Takes the device out of the account. */
  revoke(): Promise<void>;
}

export async function rescueWorld(server?: TestServer): Promise<RescueWorld> {
  const running = server ?? (await startTestServer());
  const email = `${newId(systemRandom)}@example.org`;
  const closing: (() => Promise<void>)[] = [];

  const portsOf = async (): Promise<Ports> => {
    const home = openHome(await tempFolder('home'));
    return {
      home,
      keychain: fileKeychain(home.keysFolder, null, systemRandom),
      connect: async (_, session) => running.connect(session),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      kdfCost,
    };
  };
  const place = (deviceName: string) => ({ server: running.url, email, deviceName });
  const ports = await portsOf();
  const { stored, recoveryWords } = await signUp(ports, place('First device'), plantedPassword);
  const session = await openAccountSession(ports, stored);
  closing.push(() => session.close());

  return {
    server: running,
    email,
    words: recoveryWords,
    session,
    async vault(name) {
      await session.refresh();
      const made = newVault(session.keys, session.author(), name, nowUs(systemClock), systemRandom);
      const { header, signature, ciphertext } = made.genesis.raw;
      const entry = { header, signature, ciphertext, retained: [], released: [] };
      const outcome = await session.storage.createVault(entry, made.grants, made.event);
      if (outcome.status !== 'done') throw new Error('the account moved while a vault was made');
      session.adopt({ chain: made.chain, events: [...session.known().events, made.event] });
      return made.vault;
    },
    async device(vault, by = session) {
      const device = await scenarioDevice('Device', by, vault);
      closing.unshift(() => device.close());
      return device;
    },
    async join(name) {
      const own = await portsOf();
      const joined = await openAccountSession(own, await logIn(own, place(name), plantedPassword));
      closing.push(() => joined.close());
      await session.refresh();
      return { session: joined, revoke: () => revokeThisDevice(own, joined) };
    },
    async copy() {
      const copied = join(await tempFolder('copy'), 'data');
      cpSync(running.dataDir, copied, { recursive: true });
      return copied;
    },
    async close() {
      for (const close of closing) await close();
      if (server === undefined) await running.close();
    },
  };
}

export interface Rescued {
  readonly out: string;
  readonly report: RescueReport;
}

/** Rescues into a new folder. */
export async function rescue(dataDir: string, words: string, options: Partial<RescueOptions> = {}): Promise<Rescued> {
  const out = join(await tempFolder('rescued'), 'out');
  return { out, report: await rescueAccount({ dataDir, words, outDir: out, ...options }) };
}

/** Names, hashes, times to the second and exec bits below a folder; Holdfast's own folder left out. */
export function exactTree(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const path of (readdirSync(root, { recursive: true }) as string[]).sort()) {
    if (path === '.holdfast' || path.startsWith('.holdfast/')) continue;
    const found = statSync(join(root, path), { bigint: true });
    if (found.isDirectory()) {
      tree[path] = 'folder';
      continue;
    }
    const hash = createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex')
      .slice(0, 16);
    const time = (found.mtimeNs + 500n) / 1_000_000_000n;
    tree[path] = `${found.size} ${hash} ${time} ${(found.mode & 0o100n) > 0n ? 'x' : '-'}`;
  }
  return tree;
}

/** What a folder holds to the byte, times included: to see that nothing in it was touched. */
export function snapshot(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const path of (readdirSync(root, { recursive: true }) as string[]).sort()) {
    const found = statSync(join(root, path), { bigint: true });
    const hash = found.isFile()
      ? createHash('sha256')
          .update(readFileSync(join(root, path)))
          .digest('hex')
      : '';
    tree[path] = `${found.mode} ${found.size} ${found.mtimeNs} ${hash}`;
  }
  return tree;
}
