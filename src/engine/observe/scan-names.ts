import { rulesFileName } from '../../common/name.ts';
import { joinName } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { type Entry, isSameIdentity, isSameThing } from '../../model/stat.ts';
import type { FolderDiff } from './folder-diff.ts';
import type { Scan } from './scan.ts';
import { diffPlace, fileAppears } from './scan-folder.ts';
import { byLength, type Look } from './scan-places.ts';
import { follow } from './scan-rows.ts';

/**
 * Looks at the entries that are hinted at, where that tells as much as listing their folders would. Of the folders where it
 * does not, none is taken up, and all are to be listed first: returns whether there are any.
 */
export async function lookAtNames(scan: Scan): Promise<boolean> {
  const { listedNodes, looks, queue } = scan;
  const list = (look: Look): void => {
    looks.delete(look.id);
    queue.push({ id: look.id, path: look.path, identity: look.identity });
  };
  const diffs = new Map<Look, FolderDiff>();
  for (const look of [...looks.values()]) {
    scan.options.signal?.throwIfAborted();
    if (listedNodes.has(look.id)) {
      looks.delete(look.id);
      continue;
    }
    const diff = await diffNames(scan, look);
    if (diff === null) list(look);
    else diffs.set(look, diff);
  }
  const isSeen = seenAmong(scan, [...diffs.values()]);
  const { read } = scan.context.index;
  // Gone before anybody else knew it, as what programs make while they work: whether it has another name does not matter.
  const isOurs = ({ id }: LocalRow): boolean => read.synced(id) === null && read.remote(id) === null;
  for (const [look, { vanished }] of diffs) if (!vanished.every((row) => isOurs(row) || isSeen(row))) list(look);
  queue.sort(byLength);
  if (queue.length > 0) return true;
  for (const [look, diff] of diffs) takeUp(scan, look, diff);
  looks.clear();
  return false;
}

/** What the entries of these names say of the rows of these names; null: only the whole folder tells. */
async function diffNames(scan: Scan, look: Look): Promise<FolderDiff | null> {
  const { fs, index, traits } = scan.context;
  const { read } = index;
  const { id, path, identity } = look;
  // Without identities what has a name is told from others by all that is missing.
  if (!traits.hasStableIds || look.names.has(rulesFileName)) return null;
  const outcome = await fs.listNamed(path, look.names);
  if (!outcome.ok) {
    if (outcome.error.reason === 'root-gone') throw outcome.error;
    return null;
  }
  const { entries, folder, problems } = outcome.listing;
  if (problems.length > 0 || (identity !== null && !isSameIdentity(identity, folder))) return null;
  // Who writes to a file by one of its names is told of by that one only.
  if (entries.some(({ kind, linkCount }) => kind === 'file' && linkCount > 1)) return null;
  const names = [...look.names];
  if (read.husksOf(id).length > 0 && names.some((name) => read.huskNamed(id, name) !== null)) return null;
  const rows = new Map(names.flatMap((name) => read.localRowsNamed(id, name)).map((row) => [row.id, row]));
  const diff = diffPlace(scan, look, outcome.listing, [...rows.values()]);
  const { appeared, replaced, same, vanished } = diff;
  const isFile = ({ kind }: Pick<Entry, 'kind'>): boolean => kind === 'file';
  if (![...appeared, ...vanished, ...replaced.map(({ row }) => row)].every(isFile)) return null;
  // How the disk spells a name, only the listing tells.
  const { isCaseSensitive, isNormalizationSensitive } = traits.nameRules;
  if (appeared.length > 0 && !(isCaseSensitive && isNormalizationSensitive)) return null;
  if ([...same, ...replaced].some(({ row, entry }) => row.name !== entry.name)) return null;
  // One that was set aside under another name may be what came back.
  if (appeared.some(({ name }) => read.remoteByName(id, name) !== null)) return null;
  return diff;
}

/** Whether a file that is gone from its name was seen under another one. If not, it may have one that nobody hinted at. */
function seenAmong({ familiar, replacedFiles }: Scan, diffs: readonly FolderDiff[]): (row: LocalRow) => boolean {
  if (diffs.every(({ vanished }) => vanished.length === 0)) return () => true;
  const replaced = [...replacedFiles.map(({ pairing }) => pairing), ...diffs.flatMap((diff) => diff.replaced)];
  const entries = [
    ...familiar.map(({ entry }) => entry),
    ...replaced.map(({ entry }) => entry),
    ...diffs.flatMap(({ appeared }) => appeared),
  ];
  const byInode = Map.groupBy(entries, ({ ino }) => ino);
  return (row) => (byInode.get(row.ino) ?? []).some((entry) => isSameThing(row, entry));
}

function takeUp(scan: Scan, look: Look, diff: FolderDiff): void {
  const { inPlace, relocated, replacedFiles, seen } = scan;
  for (const name of look.names) seen.add(joinName(look.path, name));
  for (const row of diff.vanished) scan.vanished.set(row.id, row);
  // A folder may have been found elsewhere since.
  for (const { row, entry } of diff.same) {
    if (relocated.has(row.id)) continue;
    inPlace.add(row.id);
    follow(scan, row, look, entry);
  }
  for (const pairing of diff.replaced) replacedFiles.push({ parent: look, pairing });
  const appear = fileAppears(scan, look, diff);
  for (const entry of diff.appeared) appear(entry);
}
