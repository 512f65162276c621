import { aheadFromMs } from '../../common/clock.ts';
import { type NodeId, newId, type RevisionId } from '../../common/ids.ts';
import { joinName, parentPath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { addDirty } from '../../model/dirty-folders.ts';
import { type Entry, isSameIdentity, isSameState } from '../../model/stat.ts';
import { isEditSince, isFormer } from './former-rows.ts';
import type { Scan } from './scan.ts';
import { type Found, type Place, placeOf } from './scan-places.ts';

/** Files up to this size are read again when only their times changed, so that a touch is no edit. */
const maxRecheckBytes = 64 * 1024 * 1024;
/** Files up to this size are read again when they were moved: their manifest is at hand also without a server. */
const maxMovedBytes = 16 * 1024 * 1024;

/** Bytes of new contents that are worth getting ready for. */
const muchNew = 1024 * 1024;

type Content = Pick<LocalRow, 'revision' | 'exec' | 'differsFrom'>;

/** A file or folder that the index does not know yet. */
export function create(scan: Scan, { parent, entry }: Found): NodeId {
  const id = newId<NodeId>(scan.context.random);
  scan.changes.add(rowOf(scan, id, parent, entry, freshContent(scan, entry, null)));
  if (entry.kind === 'folder') scan.queue.push(placeOf(id, parent, entry));
  return id;
}

/** The row's thing is now `entry` in `parent`: record place, times and, if need be, a new content. */
export function follow(scan: Scan, row: LocalRow, parent: Place, entry: Entry): void {
  const { changes, context, doubtful } = scan;
  const isMoved = row.parent !== parent.id || row.name !== entry.name;
  if (entry.kind === 'folder') {
    if (isMoved || !isSameState(row, entry) || row.birthUs !== entry.birthUs) {
      changes.put(rowOf(scan, row.id, parent, entry, { revision: null, exec: false, differsFrom: null }));
    }
    return;
  }
  const isExecSame = !context.traits.hasExecBit || row.exec === entry.exec;
  const isTimeSame = row.size === entry.size && row.mtimeUs === entry.mtimeUs && isSameIdentity(row, entry);
  if (isTimeSame && isExecSame) {
    if (!isMoved && row.ctimeUs === entry.ctimeUs) return;
    if (isMoved && entry.size > maxMovedBytes) {
      changes.put(rowOf(scan, row.id, parent, entry, row));
      return;
    }
  }
  // A new ctime may hide a write whose mtime was set back, and a rename moves the ctime by itself.
  if (row.size === entry.size && (entry.size <= maxRecheckBytes || isFormer(row))) {
    doubtful.push({ row, place: joinName(parent.path, entry.name), entry });
    // Where it is is known already; its old times keep the content in doubt until it was read.
    if (isMoved) changes.put({ ...row, parent: parent.id, name: entry.name });
    return;
  }
  change(scan, row, parent, entry);
}

/** The row's file is `entry` by now, with another content. */
function change(scan: Scan, row: LocalRow, parent: Place, entry: Entry): void {
  const { changes, context } = scan;
  // Without a base the vault's content is compared with this one, and both are kept.
  if (isFormer(row) && !isEditSince(context.index.read, row, entry)) changes.forgetBase(row.id);
  changes.put(rowOf(scan, row.id, parent, entry, freshContent(scan, entry, row)));
}

/** The row's thing is at another place now. */
export function relocate(scan: Scan, row: LocalRow, { parent, entry }: Found): void {
  scan.relocated.add(row.id);
  scan.vanished.delete(row.id);
  follow(scan, row, parent, entry);
  if (entry.kind === 'folder') scan.queue.push(placeOf(row.id, parent, entry));
}

/** Reads the files whose content is in doubt. */
export async function settleDoubts(scan: Scan): Promise<void> {
  const { changes, context, options } = scan;
  for (const { row, place, entry } of scan.doubtful) {
    options.signal?.throwIfAborted();
    const now = context.index.read.localRow(row.id);
    if (now === null) continue;
    const parent = { id: now.parent, path: parentPath(place), identity: null };
    const isSame = (!context.traits.hasExecBit || row.exec === entry.exec) && (await options.isContentSame(row, place));
    if (isSame) changes.put(rowOf(scan, row.id, parent, entry, row));
    else change(scan, row, parent, entry);
  }
}

function rowOf(scan: Scan, id: NodeId, parent: Place, entry: Entry, content: Content): LocalRow {
  const isRacy = isUnsettled(scan, entry);
  if (isRacy) addDirty(scan.unsettled, parent.path, new Set([entry.name]));
  return {
    id,
    parent: parent.id,
    name: entry.name,
    kind: entry.kind as 'file' | 'folder',
    size: entry.size,
    mtimeUs: entry.mtimeUs,
    // A time that never matches makes the next scan look at the content.
    ctimeUs: isRacy ? 0 : entry.ctimeUs,
    birthUs: entry.birthUs,
    dev: entry.dev,
    ino: entry.ino,
    revision: content.revision,
    exec: content.exec,
    differsFrom: content.differsFrom,
  };
}

function freshContent(scan: Scan, entry: Entry, previous: LocalRow | null): Content {
  const { context, options } = scan;
  const isMuch = scan.newBytes >= muchNew;
  scan.newBytes += entry.size;
  if (!isMuch && scan.newBytes >= muchNew) options.onMuchNew?.();
  return {
    revision: entry.kind === 'file' ? newId<RevisionId>(context.random) : null,
    exec: context.traits.hasExecBit ? entry.exec : (previous?.exec ?? false),
    differsFrom: null,
  };
}

/** Whether the file changed so shortly before the scan that a further change could hide. */
function isUnsettled({ context, aheadMs, racyFrom }: Scan, entry: Entry): boolean {
  if (entry.kind !== 'file' || entry.ctimeUs < racyFrom) return false;
  // The clock was set back since, or it is another computer's: for as long as that lasts the time tells writes apart.
  const isAhead = entry.ctimeUs > (context.clock.now() + aheadMs + aheadFromMs) * 1000;
  return !isAhead;
}
