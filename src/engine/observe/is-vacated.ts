import { rootNode } from '../../common/ids.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { isSameIdentity } from '../../model/stat.ts';
import { localPath } from '../local-path.ts';
import type { Scan } from './scan.ts';

/** Whether the row's thing is no longer where the row says. */
export async function isVacated(scan: Scan, row: LocalRow): Promise<boolean> {
  const { context, inPlace, listedNodes, relocated, replacedFiles, replacedFolders, vanished } = scan;
  const read = context.index.read;
  if (vanished.has(row.id)) return true;
  if (relocated.has(row.id) || inPlace.has(row.id)) return false;
  const replaced = row.kind === 'file' ? replacedFiles : replacedFolders;
  if (replaced.some(({ pairing }) => pairing.row.id === row.id)) return true;
  if (listedNodes.has(row.parent)) return false;
  for (let at = row.parent; at !== rootNode; ) {
    if (vanished.has(at)) return true;
    const parent = read.localRow(at);
    if (parent === null) return true;
    at = parent.parent;
  }
  const path = localPath(read, row.id);
  if (path === null) return true;
  const stat = await context.fs.stat(path).catch(() => undefined);
  if (stat === undefined) return false;
  return stat === null || stat.kind !== row.kind || !isSameIdentity(row, stat);
}
