import { statSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import Database from 'better-sqlite3';
import { argon2Engine } from '../../crypto/argon2.ts';
import { suite } from '../../crypto/labels.ts';
import { localHash } from '../../crypto/local-hash.ts';
import { runSelfTest } from '../../crypto/self-test.ts';
import type { DoctorReport } from '../../rpc/home-report.ts';
import { rpcVersion } from '../../rpc/version.ts';
import { apiVersion } from '../../wire/version.ts';
import { signedInOf } from '../account/account-file.ts';
import { readAppVersion } from '../app-version.ts';
import type { Device } from '../device.ts';
import { check, type Finding, fine, skipped } from './check.ts';
import { checkPairs } from './check-pairs.ts';
import { checkServer } from './check-server.ts';
import { checkWatching } from './check-watching.ts';

/** Looks at all that has to be right for syncing to work, and says what to do where it is not. Changes nothing. */
export async function examine(device: Device): Promise<DoctorReport> {
  const checks = [
    await check('crypto', checkCrypto),
    await check('home', async () => checkHome(device)),
    await check('keys', () => checkKeys(device)),
    await check('watching', () => checkWatching(foldersOf(device), device.ports.home.folder)),
    ...(await checkServer(device)),
    ...(await checkPairs(device)),
  ];
  return { versions: versions(), checks };
}

function versions(): Record<string, string> {
  const memory = new Database(':memory:');
  const sqlite = String(memory.prepare('select sqlite_version()').pluck().get());
  memory.close();
  return {
    holdfast: readAppVersion(),
    node: process.versions.node,
    openssl: process.versions.openssl ?? 'none',
    sqlite,
    system: `${platform()} ${release()} ${arch()}`,
    suite: String(suite),
    storageApi: String(apiVersion),
    rpc: String(rpcVersion),
  };
}

async function checkCrypto(): Promise<Finding> {
  runSelfTest();
  const argon2 = await argon2Engine();
  const hash = localHash.id === 1 ? 'BLAKE3 (native)' : 'HMAC-SHA-256';
  return fine(`All known answers are right. Argon2id by ${argon2.name}, local hash ${hash}.`);
}

function checkHome({ ports: { home } }: Device): Finding {
  const open = [home.folder, home.configFile, home.accountFile, home.keysFolder, home.logFile].filter(isOpenToOthers);
  if (open.length === 0) return fine(`${home.folder} belongs to you alone.`);
  return { result: 'failed', message: `Other users can read: ${open.join(', ')}. Close them with chmod go-rwx.` };
}

function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32') return false;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & 0o077) !== 0;
}

async function checkKeys(device: Device): Promise<Finding> {
  const account = signedInOf(device.account());
  if (account === null) return skipped('Nobody is signed in.');
  await device.session();
  return fine(`Keychain: ${device.ports.keychain.kind}. The keys of ${account.email} open.`);
}

const foldersOf = (device: Device): number => device.status().pairs.reduce((sum, pair) => sum + pair.folders + 1, 0);
