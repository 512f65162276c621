import type { HoldfastError } from '../../src/common/errors.ts';
import { joinName, type RelativePath, rootPath } from '../../src/common/relative-path.ts';
import type { DiskReader, ProblemEntry } from '../../src/local/file-system.ts';
import type { IgnoreRules } from '../../src/local/ignore-rules.ts';
import type { Entry, Stat } from '../../src/model/stat.ts';

export interface SeenFolder {
  readonly folder: Stat;
  /** What is synced, and the links and special files that are shown as skipped. */
  readonly entries: readonly Entry[];
  /** There, unknown, never deleted. */
  readonly problems: readonly ProblemEntry[];
  readonly ignored: readonly Entry[];
  /** The folder's ignore rules are others than before: look at everything below it. */
  readonly isRulesChanged: boolean;
  /** The rules file is not understood; the last good rules were used. An issue for the person. */
  readonly rulesError: HoldfastError | null;
}

/** `error`: what is in the folder is unknown. Reason `vanished`: the folder itself is certainly gone. */
export type WalkedFolder =
  | { readonly path: RelativePath; readonly seen: SeenFolder; readonly error: null }
  | { readonly path: RelativePath; readonly seen: null; readonly error: HoldfastError };

/** Lists one folder and sorts its entries by the ignore rules. */
async function lookInto(reader: DiskReader, rules: IgnoreRules, path: RelativePath): Promise<WalkedFolder> {
  const outcome = await reader.listFolder(path);
  if (!outcome.ok) return { path, seen: null, error: outcome.error };
  const { listing } = outcome;
  const updated = await rules.update(reader, path, listing);
  // Without any rules, an ignored file could be uploaded: better to know nothing.
  if (!updated.isUsable && updated.error !== null) return { path, seen: null, error: updated.error };
  const entries: Entry[] = [];
  const ignored: Entry[] = [];
  for (const entry of listing.entries) {
    const isIgnored = rules.isIgnored(joinName(path, entry.name), entry.kind === 'folder');
    (isIgnored ? ignored : entries).push(entry);
  }
  const seen: SeenFolder = {
    folder: listing.folder,
    entries,
    problems: listing.problems,
    ignored,
    isRulesChanged: updated.isChanged,
    rulesError: updated.error,
  };
  return { path, seen, error: null };
}

/**
 * Every folder from `from` down, each after its parent. Ignored folders are not entered, links not followed, folders of
 * other volumes reported as an error (`other-volume`). The reader gives way to other work, so that a walk of any size
 * never blocks; a consumer may stop at any folder.
 */
export async function* walk(
  reader: DiskReader,
  rules: IgnoreRules,
  from: RelativePath = rootPath,
): AsyncGenerator<WalkedFolder, void, undefined> {
  const open: RelativePath[] = [from];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const walked = await lookInto(reader, rules, path);
    yield walked;
    for (const entry of walked.seen?.entries ?? []) {
      if (entry.kind === 'folder') open.push(joinName(path, entry.name));
    }
  }
}
