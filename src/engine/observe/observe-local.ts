import type { LocalRow } from '../../db/index-port.ts';
import type { LocalContext } from '../context.ts';
import { localPath } from '../local-path.ts';
import { aheadOf } from './racy-from.ts';
import { newScan, type Scan } from './scan.ts';
import { resolveFiles } from './scan-file-moves.ts';
import { scanFolder } from './scan-folder.ts';
import { resolveReplacedFolder } from './scan-folder-moves.ts';
import { lookAtNames } from './scan-names.ts';
import type { ScanOptions, ScanReport } from './scan-report.ts';
import { settleDoubts } from './scan-rows.ts';

/**
 * Brings the local tree of the index in line with the disk. Decides identity: a file or folder that appears with the
 * identity of one that is no longer at its place has moved; one that was replaced at its place keeps its node, as
 * editors do when they save, unless its former self lives on elsewhere.
 *
 * A folder that cannot be listed is unknown: nothing below it is taken for deleted.
 */
export async function observeLocal(context: LocalContext, options: ScanOptions): Promise<ScanReport> {
  const scan = newScan(context, options, await aheadOf(context));
  const { changes } = scan;
  do await scanFolders(scan);
  while (await lookAtNames(scan));
  await resolveFiles(scan);
  await scanFolders(scan);
  changes.flush();
  for (const row of scan.vanished.values()) if (!scan.relocated.has(row.id)) removeVanished(scan, row);
  changes.flush();
  await settleDoubts(scan);
  changes.flush();
  const { areRulesChanged, bareHusks, listed, seen, unsettled, unsynced } = scan;
  return { unsynced, unsettled, listed, seen, areRulesChanged, bareHusks };
}

/** What its rules left out went with it: only rules that are there leave anything as it is in the vault. */
function removeVanished(scan: Scan, row: LocalRow): void {
  const { changes, context } = scan;
  const { read } = context.index;
  const path = row.kind === 'folder' ? localPath(read, row.id) : null;
  changes.removeSubtree(row);
  // Another folder may be there by now.
  if (path === null || read.localByName(row.parent, row.name)?.kind === 'folder') return;
  if (context.ignore.gone(path)) scan.areRulesChanged = true;
}

/** Lists what is to be listed. Which node a folder is that took another's name is said only when all others are known. */
async function scanFolders(scan: Scan): Promise<void> {
  for (;;) {
    for (let place = scan.queue.pop(); place !== undefined; place = scan.queue.pop()) {
      scan.options.signal?.throwIfAborted();
      if (!scan.listedNodes.has(place.id)) await scanFolder(scan, place);
    }
    const replaced = scan.replacedFolders.shift();
    if (replaced === undefined) return;
    await resolveReplacedFolder(scan, replaced);
  }
}
