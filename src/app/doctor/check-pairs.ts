import { existsSync } from 'node:fs';
import type { Index } from '../../db/index-port.ts';
import { openIndex } from '../../db/open-index.ts';
import { knownRoot } from '../../engine/observe/root-check.ts';
import type { FileSystem } from '../../local/file-system.ts';
import { openNodeFileSystem } from '../../local/node-file-system.ts';
import { isDiverged } from '../../plan/diverged.ts';
import type { DoctorCheck } from '../../rpc/home-report.ts';
import type { Device } from '../device.ts';
import type { PairRecord } from '../home/config.ts';
import { lastStatus } from '../home/last-status.ts';
import { otherFolderHint, rootGoneHint } from '../pairs/bind-root.ts';
import { knownTraits } from '../pairs/known-traits.ts';
import { indexFile } from '../pairs/open-pair-index.ts';
import { check, type Finding, fine, skipped } from './check.ts';

/** Each pair's folder, index and history. */
export async function checkPairs(device: Device): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  const there: PairRecord[] = [];
  for (const record of device.config().pairs) {
    const folder = await check(`folder ${record.folder}`, () => checkFolder(device, record));
    checks.push(folder);
    // In another folder at its place nothing is to be made, and to look at names makes something.
    if (folder.result !== 'ok') continue;
    there.push(record);
    checks.push(await check(`index of ${record.folder}`, () => checkIndex(device, record)));
  }
  // Opens the pairs, after which nobody else can look into an index.
  for (const record of there) {
    checks.push(await check(`history of ${record.folder}`, () => checkHistory(device, record)));
  }
  return checks;
}

async function checkFolder(device: Device, record: PairRecord): Promise<Finding> {
  const { folder, pair } = record;
  const fs = openNodeFileSystem(folder);
  const state = await fs.checkRoot(null);
  if (state !== 'ok') {
    const message = `The folder is ${state}. Nothing is synced or deleted until it is back.`;
    return { result: 'failed', message, hint: rootGoneHint };
  }
  const other = (message: string): Finding => ({ result: 'failed', message, hint: otherFolderHint });
  const marker = await fs.readMarker();
  if (marker === null) {
    if (lastStatus(device.ports.home, record).read().lastSyncedAt === null) {
      return fine('The folder is there; it was not synced yet.');
    }
    return other('Another folder is at its place: it bears no mark. Nothing is synced or deleted.');
  }
  if (marker.pairId !== pair) return other('Another folder is at its place: it bears the mark of another pair.');
  // A running pair has its index to itself, and looks at its folder all the time.
  if (device.running() === null && (await isCopy(device, record, fs))) {
    return other('The folder bears its mark, but is a copy of the one that was synced. Nothing is synced or deleted.');
  }
  return fine('The folder is there and bears its mark.');
}

async function isCopy(device: Device, record: PairRecord, fs: FileSystem): Promise<boolean> {
  const index = await openExisting(device, record).catch(() => null);
  if (index === null) return false;
  try {
    return (await fs.checkRoot(knownRoot(index.read))) === 'copied';
  } finally {
    index.close();
  }
}

async function openExisting({ ports: { home } }: Device, { pair, folder }: PairRecord): Promise<Index | null> {
  const path = indexFile(home, pair);
  if (!existsSync(path)) return null;
  const { nameRules } = await knownTraits(openNodeFileSystem(folder), home, pair);
  return openIndex(path, { rules: nameRules, isDiverged });
}

async function checkIndex(device: Device, record: PairRecord): Promise<Finding> {
  if (device.running() !== null) return skipped('The index is in use; ask again when nothing is running.');
  const index = await openExisting(device, record);
  if (index === null) return skipped('There is no index yet.');
  try {
    const problems = index.integrityCheck();
    if (problems.length === 0) return fine('The index is in order.');
    return {
      result: 'failed',
      message: `The index has ${problems.length} faults (${problems[0]}). It is made anew, without loss, at the next sync.`,
    };
  } finally {
    index.close();
  }
}

/** What two devices compare to find out whether the server shows them one history (FORMAT.md 7.5). */
async function checkHistory(device: Device, { pair, vaultName }: PairRecord): Promise<Finding> {
  if (device.account() === null || !existsSync(indexFile(device.ports.home, pair))) {
    return skipped('Nothing of the vault is known here yet.');
  }
  const supervisor = await device.supervisor();
  const opened = await supervisor.host(pair).open();
  const { state, message } = opened.status();
  if (state === 'frozen' || state === 'root-missing') return { result: 'failed', message };
  const code = opened.compareCode();
  if (code === null) return skipped('Nothing of the vault is known here yet.');
  return fine(
    `The vault “${vaultName}” is at change ${code.seq}, with the compare code ${code.words}. ` +
      'If another device shows a different code at the same change, the server has shown the two different histories.',
  );
}
