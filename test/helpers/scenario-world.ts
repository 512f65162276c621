import { type AccountSession, openAccountSession } from '../../src/app/account/account-session.ts';
import { logIn, signUp } from '../../src/app/account/sign-in.ts';
import { openHome } from '../../src/app/home/home.ts';
import { fileKeychain } from '../../src/app/keychain/file-keychain.ts';
import { nowUs, type Ports } from '../../src/app/ports.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { must } from '../../src/common/errors.ts';
import { newId, type VaultId } from '../../src/common/ids.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { newVault } from '../../src/vault/new-vault.ts';
import { searchBytes } from '../demo/search-bytes.ts';
import { type DeviceSetup, type ScenarioDevice, scenarioDevice } from './scenario-device.ts';
import { plantedContent, plantedName } from './scenario-files.ts';
import { tempFolder } from './temp.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const password = 'planted password 7Kq2 heron lamp';
/** The least that clients accept, since sign-in is not what these tests are about. */
const kdfCost = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };

/**
 * The real server with one account and its devices, two at least, all in this process. Each row of a test takes a vault of its own in
 * it, and folders and indexes of its own.
 */
export interface ScenarioWorld {
  readonly server: TestServer;
  /** A new, empty vault, and a pair on each device. Closed with the world at the latest. */
  pairs(setups?: readonly DeviceSetup[]): Promise<[ScenarioDevice, ScenarioDevice, ...ScenarioDevice[]]>;
  /** Which of what was planted stands anywhere in the server's data. */
  leaks(extra?: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function scenarioWorld(deviceCount = 2): Promise<ScenarioWorld> {
  const server = await startTestServer();
  const email = `${newId(systemRandom)}@example.org`;
  const sessions: AccountSession[] = [];
  const names: string[] = [];
  const ports: Ports[] = [];
  for (let i = 0; i < deviceCount; i++) {
    const home = openHome(await tempFolder('home'));
    const port: Ports = {
      home,
      keychain: fileKeychain(home.keysFolder, null, systemRandom),
      connect: async (_, session) => server.connect(session),
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      kdfCost,
    };
    const deviceName = `${plantedName} ${i + 1}`;
    const place = { server: server.url, email, deviceName };
    const stored = i === 0 ? (await signUp(port, place, password)).stored : await logIn(port, place, password);
    sessions.push(await openAccountSession(port, stored));
    names.push(deviceName);
    ports.push(port);
  }
  const [first] = sessions;
  const [firstPorts] = ports;
  if (first === undefined || firstPorts === undefined) throw new Error('a world has at least one device');

  const open = new Set<ScenarioDevice>();
  const closing = new AbortController();
  const hearing = sessions.map((session) =>
    session.storage.hints(closing.signal, (hint) => {
      if (hint.type !== 'vault') return;
      for (const device of open) if (device.session === session && device.vault === hint.vault) device.hint(hint.seq);
    }),
  );

  const makeVault = async (): Promise<VaultId> => {
    await first.refresh();
    const name = `${plantedName} ${newId(systemRandom)}`;
    const made = newVault(first.keys, first.author(), name, nowUs(systemClock), systemRandom);
    const { header, signature, ciphertext } = made.genesis.raw;
    const entry = { header, signature, ciphertext, retained: [], released: [] };
    const outcome = await first.storage.createVault(entry, made.grants, made.event);
    if (outcome.status !== 'done') throw new Error('the account moved while a vault was made');
    first.adopt({ chain: made.chain, events: [...first.known().events, made.event] });
    return made.vault;
  };
  let making: Promise<unknown> = Promise.resolve();

  return {
    server,
    async pairs(setups = []) {
      const made = making.then(makeVault);
      making = made;
      const vault = await made;
      // As when a pair is added: a device learns from the account's chain that the vault is its own.
      await Promise.all(sessions.slice(1).map((session) => session.refresh()));
      const devices: ScenarioDevice[] = [];
      for (const [i, session] of sessions.entries()) {
        devices.push(await scenarioDevice(names[i] ?? '', session, vault, setups[i]));
      }
      for (const device of devices) open.add(device);
      const [one, two, ...others] = devices;
      return [must(one), must(two), ...others];
    },
    async leaks(extra = []) {
      return (await searchBytes(server.dataDir, [plantedContent, plantedName, 'conflict from', password, ...extra]))
        .found;
    },
    async close() {
      await Promise.all([...open].map((device) => device.close()));
      closing.abort();
      await Promise.all(hearing);
      await Promise.all(sessions.map((session) => session.close()));
      await server.close();
    },
  };
}
