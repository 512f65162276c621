import { existsSync } from 'node:fs';
import { openIndex } from '../../db/open-index.ts';
import { openNodeFileSystem } from '../../local/node-file-system.ts';
import { isDiverged } from '../../plan/diverged.ts';
import type { DoctorCheck } from '../../rpc/home-report.ts';
import type { PairRecord } from '../config.ts';
import type { Device } from '../device.ts';
import { indexFile } from '../open-pair-index.ts';
import { check, fine, skipped } from './check.ts';

/** Each pair's folder and index. */
export async function checkPairs(device: Device): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  for (const record of device.config().pairs) {
    checks.push(await check(`folder ${record.folder}`, () => checkFolder(record)));
    checks.push(await check(`index of ${record.folder}`, () => checkIndex(device, record)));
  }
  return checks;
}

async function checkFolder({ folder, pair }: PairRecord): Promise<Omit<DoctorCheck, 'name'>> {
  const fs = openNodeFileSystem(folder);
  const state = await fs.checkRoot(null);
  if (state !== 'ok') {
    return { result: 'failed', message: `The folder is ${state}. Nothing is synced or deleted until it is back.` };
  }
  const marker = await fs.readMarker();
  if (marker === null) return fine('The folder is there; it was not synced yet.');
  if (marker.pairId === pair) return fine('The folder is there and bears its mark.');
  return { result: 'failed', message: 'Another folder is at its place: it bears the mark of another pair.' };
}

async function checkIndex(device: Device, { pair, folder }: PairRecord): Promise<Omit<DoctorCheck, 'name'>> {
  const path = indexFile(device.ports.home, pair);
  if (!existsSync(path)) return skipped('There is no index yet.');
  if (device.running() !== null) return skipped('The index is in use; ask again when nothing is running.');
  const { nameRules } = await openNodeFileSystem(folder).probeVolume();
  const index = openIndex(path, { rules: nameRules, isDiverged });
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
