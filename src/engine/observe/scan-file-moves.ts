import type { NodeId } from '../../common/ids.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { type Entry, isSameIdentity, isSameThing } from '../../model/stat.ts';
import { isSameName } from '../../plan/diverged.ts';
import { isVacated } from './is-vacated.ts';
import { isBackupName } from './save-names.ts';
import type { Scan } from './scan.ts';
import type { Found } from './scan-places.ts';
import { create, follow, relocate } from './scan-rows.ts';

/** A file whose node is not clear: it took a row's name, or its identity is known from another place. */
interface Sighting extends Found {
  /** The row whose name it took. */
  readonly row: LocalRow | null;
}

/**
 * Says which nodes the files are that took another's name or whose identity is known from elsewhere, once all folders that
 * were to be listed are.
 */
export async function resolveFiles(scan: Scan): Promise<void> {
  const { changes, context, relocated, vanished } = scan;
  const read = context.index.read;
  changes.flush();
  const sightings: Sighting[] = [
    ...scan.replacedFiles.map(({ parent, pairing }) => ({ parent, entry: pairing.entry, row: pairing.row })),
    ...scan.familiar.map((found) => ({ ...found, row: null })),
  ];
  const livesElsewhere = elsewhereAmong(sightings);
  // First those that were only overwritten keep their node, so that nobody else claims it.
  const open: Sighting[] = [];
  const overwritten = new Set<NodeId>();
  for (const { row } of sightings) if (row !== null && !livesElsewhere(row)) overwritten.add(row.id);
  for (const sighting of sightings) {
    if (sighting.row !== null && overwritten.has(sighting.row.id))
      follow(scan, sighting.row, sighting.parent, sighting.entry);
    else open.push(sighting);
  }
  for (const sighting of open) {
    let mover: LocalRow | undefined;
    for (const row of read.localByIdentity(sighting.entry.dev, sighting.entry.ino)) {
      const isCandidate =
        row.kind === 'file' && isSameThing(row, sighting.entry) && !relocated.has(row.id) && !overwritten.has(row.id);
      if (isCandidate && hasSameBirthOrContent(row, sighting.entry) && (await isVacated(scan, row))) {
        mover = row;
        break;
      }
    }
    if (mover !== undefined) relocate(scan, mover, sighting);
    else if (!isHalfMoved(scan, sighting)) create(scan, sighting);
  }
  for (const { pairing } of scan.replacedFiles) {
    const { row } = pairing;
    if (!relocated.has(row.id) && !overwritten.has(row.id)) vanished.set(row.id, row);
  }
}

/** Whether a row's file was seen under another name than its own. */
function elsewhereAmong(sightings: readonly Sighting[]): (row: LocalRow) => boolean {
  const byInode = Map.groupBy(sightings, ({ entry }) => entry.ino);
  // A program that saves by way of a backup means the new file by the name, whichever of the two is the old inode.
  const isBackup = (row: LocalRow, { parent, entry }: Found): boolean =>
    parent.id === row.parent && isBackupName(entry.name, row.name);
  return (row) =>
    (byInode.get(row.ino) ?? []).some(
      (seen) => seen.row?.id !== row.id && isSameThing(row, seen.entry) && !isBackup(row, seen),
    );
}

/**
 * A second name of a known file, at the very place that the vault gives it: a move here was cut between its two halves.
 * It is no other file; the move is still to be done.
 */
function isHalfMoved({ context, relocated }: Scan, { parent, entry }: Found): boolean {
  const read = context.index.read;
  if (entry.ino === 0 || entry.linkCount <= 1) return false;
  return read.localByIdentity(entry.dev, entry.ino).some((row) => {
    if (row.kind !== 'file' || !isSameIdentity(row, entry) || relocated.has(row.id)) return false;
    const wanted = read.remote(row.id);
    return wanted !== null && wanted.parent === parent.id && isSameName(wanted.name, entry.name);
  });
}

/** Without birth times an inode that was used again looks the same: then size and time have to agree too. */
const hasSameBirthOrContent = (row: LocalRow, entry: Entry): boolean =>
  (row.birthUs !== 0 && entry.birthUs !== 0) || (row.size === entry.size && row.mtimeUs === entry.mtimeUs);
