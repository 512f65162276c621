import { diskReason } from '../../common/disk-error.ts';
import { HoldfastError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import { joinName, type RelativePath } from '../../common/relative-path.ts';
import type { IndexReader } from '../../db/index-port.ts';
import type { FileSystem } from '../../local/file-system.ts';
import type { IgnoreRules } from '../../local/ignore-rules.ts';
import type { Entry, Stat } from '../../model/stat.ts';
import { localPath } from '../local-path.ts';

/** Why what wants a name waits that something has which is never synced. */
export const nameInUse = 'name-in-use';

interface Looker {
  readonly index: { readonly read: IndexReader };
  readonly fs: Pick<FileSystem, 'listFolder' | 'stat'>;
  readonly ignore: Pick<IgnoreRules, 'isIgnored' | 'isRegrowing'>;
}

/** Links, special files and what the rules leave out: on the disk, and no matter of the vault. */
const isNeverSynced = ({ ignore }: Looker, path: RelativePath, { kind }: Pick<Stat, 'kind'>): boolean =>
  (kind !== 'file' && kind !== 'folder') || ignore.isIgnored(path, kind === 'folder');

/**
 * What keeps the folder `node`, whose synced content is gone, from being removed. `husk`: it stays, for what is never
 * synced. A list: only files that the system makes by itself, and that may go with it. `news`: something that the next
 * scan takes up. `rules`: the name of a file in it that does not count. Throws what kept it from being looked at.
 */
export async function leftIn(
  looker: Looker,
  node: NodeId,
  path: RelativePath,
  rules?: string,
): Promise<'husk' | 'news' | readonly Entry[]> {
  const outcome = await looker.fs.listFolder(path);
  if (!outcome.ok) throw outcome.error;
  const { problems } = outcome.listing;
  const entries = outcome.listing.entries.filter(({ name }) => name !== rules);
  for (const { error } of problems) if (error !== null) throw error;
  const isRegrowing = ({ kind, name }: Entry): boolean =>
    kind === 'file' && looker.ignore.isRegrowing(joinName(path, name));
  if (problems.length === 0 && entries.every(isRegrowing)) return entries;
  const husks = new Set(looker.index.read.husksOf(node));
  const isHusk = entries.every(
    (entry) =>
      isNeverSynced(looker, joinName(path, entry.name), entry) || (entry.kind === 'folder' && husks.has(entry.name)),
  );
  return isHusk ? 'husk' : 'news';
}

/**
 * What to make of `error`, met when something was to get this place on disk. A name that something has which is never
 * synced is not free at the next look either: who wants it waits, and is shown. Anything else that has the name was just
 * made, and is seen by the next scan.
 */
export async function withTakenName(
  looker: Looker,
  place: { readonly parent: NodeId; readonly name: string } | null,
  error: unknown,
): Promise<unknown> {
  if (diskReason(error) !== 'exists' || place === null) return error;
  const { read } = looker.index;
  const folder = localPath(read, place.parent);
  if (folder === null || read.localByName(place.parent, place.name) !== null) return error;
  const path = joinName(folder, place.name);
  const stat = await looker.fs.stat(path).catch(() => null);
  if (stat === null) return error;
  const isHusk = stat.kind === 'folder' && read.huskNamed(place.parent, place.name) !== null;
  if (!isHusk && !isNeverSynced(looker, path, stat)) return error;
  return new HoldfastError('io', 'something that is not synced has this name here; move it away or rename it', {
    reason: nameInUse,
    cause: error,
  });
}
