import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/app/system-clock.ts';
import { newId } from '../../../src/common/ids.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { parseRecoveryWords } from '../../../src/crypto/recovery.ts';
import { type RunningServer, startServer } from '../../../src/server/start-server.ts';
import { forms } from '../../demo/search-bytes.ts';
import { plantedContent, plantedName } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { type Client, type ClientPair, openClient, password } from './client.ts';
import { type Liar, startLiar, type Who } from './liar.ts';

/** Who is lied to. The author is told the truth. */
export const victims = ['running', 'restarted', 'fresh'] as const;
export type Victim = (typeof victims)[number];

/**
 * One account on a real server whose every word may be changed, with an honest author and three victims: one that runs on,
 * one that is started anew before the lie, and one that has never seen the vault.
 */
export interface HostileWorld {
  readonly liar: Liar;
  readonly server: RunningServer;
  readonly dataDir: string;
  readonly email: string;
  readonly words: string;
  /** What each client dials. */
  readonly doors: ReadonlyMap<Who, string>;
  readonly author: Client;
  readonly victims: Readonly<Record<Victim, Client>>;
  readonly clients: readonly Client[];
  /** A vault of all, which nobody lies about. */
  readonly other: { readonly author: ClientPair; readonly victims: Readonly<Record<Victim, ClientPair>> };
  /** The server as it is now, as one that can be asked later: its URL. */
  snapshot(): Promise<string>;
  /** What stands of the planted secrets, in which form, in these bytes. */
  secretsIn(bytes: Uint8Array): readonly string[];
  close(): Promise<void>;
}

export async function hostileWorld(): Promise<HostileWorld> {
  const liar = await startLiar();
  const dataDir = await tempFolder('server');
  const origins: string[] = [];
  const doors = new Map<Who, string>();
  for (const who of ['author', ...victims]) {
    const door = await liar.door(who);
    doors.set(who, door);
    origins.push(door);
  }
  const start = (folder: string): Promise<RunningServer> =>
    startServer({ dataDir: folder, listen: { host: '127.0.0.1', port: 0 }, clock: systemClock, origins });
  const server = await start(dataDir);
  const snapshots: RunningServer[] = [];
  liar.aim(server.url);

  const email = `${newId(systemRandom)}@example.org`;
  const { client: author, words } = await openClient('author', doors.get('author') ?? '', email, true);
  const opened: Client[] = [];
  for (const who of victims) opened.push((await openClient(who, doors.get(who) ?? '', email, false)).client);
  const [running, restarted, fresh] = opened as [Client, Client, Client];
  const clients = [author, ...opened];
  await author.session.refresh();

  const name = `${plantedName} other`;
  const otherOf = { author: await author.pair(name) };
  const other = {
    ...otherOf,
    victims: {
      running: await running.pair(name),
      restarted: await restarted.pair(name),
      fresh: await fresh.pair(name),
    },
  };
  const secrets = plantedSecrets(clients, words ?? '');

  return {
    liar,
    server,
    dataDir,
    email,
    words: words ?? '',
    doors,
    author,
    victims: { running, restarted, fresh },
    clients,
    other,
    snapshot: async () => {
      const folder = await tempFolder('snapshot');
      cpSync(dataDir, folder, { recursive: true, filter: (path) => path !== join(dataDir, 'lock') });
      const earlier = await start(folder);
      snapshots.push(earlier);
      return earlier.url;
    },
    secretsIn: (bytes) => {
      const found = secrets.filter(({ form }) =>
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(form),
      );
      return [...new Set(found.map(({ what }) => what))];
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await liar.close();
      await Promise.all([server, ...snapshots].map((each) => each.close()));
    },
  };
}

/** All that no byte that leaves a device may show, in every usual form. */
function plantedSecrets(clients: readonly Client[], words: string): { what: string; form: Buffer }[] {
  const [{ session }] = clients as [Client];
  const { keys } = session;
  const secrets: Record<string, string | Uint8Array> = {
    'a content': plantedContent,
    'a name': plantedName,
    'a conflict copy’s name': 'conflict from',
    'the password': password,
    'the recovery words': words,
    'the first recovery words': words.split(' ').slice(0, 4).join(' '),
    'the recovery key': parseRecoveryWords(words),
    'the master key': keys.masterKey,
    'the identity’s signing key': keys.secrets.signingSeed,
    'the identity’s sealing key': keys.secrets.sealingPrivate,
    'the account secret': keys.secrets.accountSecret,
  };
  for (const client of clients) {
    secrets[`the signing key of ${client.who}`] = client.session.device.signingSeed;
    secrets[`the sealing key of ${client.who}`] = client.session.device.sealingPrivate;
  }
  return Object.entries(secrets).flatMap(([what, secret]) => forms(secret).map((form) => ({ what, form })));
}
