import { foldersAbove, type RelativePath, rootPath } from '../../common/relative-path.ts';
import type { Index, IndexReader } from '../../db/index-port.ts';
import type { Issue } from '../../model/status.ts';
import { type IssueBook, type IssueDraft, issueRow } from '../issue-book.ts';
import type { ScanReport, Unsynced } from './scan-report.ts';

const message = (path: string, found: Unsynced): string => {
  switch (found.what) {
    case 'unreadable':
      return `${path === '' ? 'The folder' : path} cannot be read: ${found.error.message}. Nothing of it is taken for deleted.`;
    case 'name':
      return `${path} is not synced: ${nameReasons[found.fault] ?? 'its name cannot be used on other devices'}. Rename it.`;
    case 'rules':
      return found.isUsable
        ? `${path} cannot be used: ${found.error.message}. The last good rules apply.`
        : `${path} cannot be used: ${found.error.message}. Until it can, nothing in its folder is synced.`;
    case 'link':
      return `${path} is a symbolic link; links are not synced.`;
    case 'special':
      return `${path} is no regular file and is not synced.`;
    default:
      return `${path} is not synced.`;
  }
};

const nameReasons: Readonly<Record<string, string>> = {
  unicode: 'its name is not valid Unicode',
  reserved: 'its name is reserved for Holdfast',
  'too-long': 'its name is too long',
};

const kinds = {
  unreadable: 'file-blocked',
  name: 'name-not-syncable',
  rules: 'ignore-rules',
  link: 'skipped',
  special: 'skipped',
} as const;

/** What is below it is unknown, too. */
const hiding: ReadonlySet<string> = new Set([kinds.unreadable, kinds.rules]);

const prefix = 'unsynced:';

/**
 * One issue for each thing that a scan could not take up; those not found again where it looked are over. Returns whether
 * one of these hid what nobody has looked at since: a folder that could not be read has folders below it.
 */
export function noteUnsynced(
  issues: IssueBook,
  report: ScanReport,
  options: {
    readonly isFullScan: boolean;
    readonly isDismissed: (path: string) => boolean;
    /** The folder is in the local tree, as this scan left it. */
    readonly isFolder: (path: RelativePath) => boolean;
  },
): boolean {
  for (const [path, found] of report.unsynced) {
    const isSkipped = found.what === 'link' || found.what === 'special';
    const isDismissed = isSkipped && options.isDismissed(path);
    issues.raise({
      isInformational: isDismissed,
      id: `${prefix}${path}`,
      kind: kinds[found.what],
      message: message(path, found),
      path,
      choices: isSkipped && !isDismissed ? ['dismiss', 'dismiss-all'] : [],
    });
  }
  const { listed } = report;
  const isOver = (path: RelativePath): boolean => {
    if (report.unsynced.has(path)) return false;
    if (options.isFullScan || listed.has(path) || report.seen.has(path)) return true;
    // After each change all issues are asked about, and there may be thousands: nothing is looked up for those far from it.
    const above = foldersAbove(path);
    if (!above.some((folder) => listed.has(folder)) || options.isFolder(path)) return false;
    // The nearest one that is still there only tells that this is there, not that it can be read.
    const nearest = above.find((folder) => folder === rootPath || options.isFolder(folder));
    return nearest !== undefined && listed.has(nearest);
  };
  let isHidden = false;
  issues.endWhere(prefix, ({ path, kind }) => {
    const over = isOver((path ?? '') as RelativePath);
    if (over && !options.isFullScan && hiding.has(kind)) isHidden = true;
    return over;
  });
  return isHidden;
}

const dismissedKey = 'dismissed';
const all = 'all';
/** Each path has a key of its own: thousands are dismissed one by one, and a list would be written anew for each. */
const keyOf = (path: string): string => `${dismissedKey}:${path}`;

/** Whether a person has taken note of the skipped link or special file at a path. */
export function isDismissed(read: Pick<IndexReader, 'meta'>): (path: string) => boolean {
  const stored = read.meta(dismissedKey);
  if (stored === all) return () => true;
  // Indexes of earlier versions hold a list.
  const listed = new Set(Array.isArray(stored) ? stored : []);
  return (path) => listed.has(path) || read.meta(keyOf(path)) === true;
}

/** Notes it of this one. */
export function dismiss(index: Index, issues: IssueBook, id: string): void {
  const issue = issues.find(id);
  if (issue === null || issue.path === null) return;
  const key = keyOf(issue.path);
  index.transaction((write) => {
    write.setMeta(key, true);
    write.putIssue(issueRow(dismissed(issue), issue.createdAt));
  });
}

/** Notes it of all that there are, and of all that come. */
export function dismissAll(index: Index, issues: IssueBook): void {
  const skipped = issues.all().filter(({ id, kind }) => id.startsWith(prefix) && kind === kinds.link);
  index.transaction((write) => {
    write.setMeta(dismissedKey, all);
    for (const issue of skipped) write.putIssue(issueRow(dismissed(issue), issue.createdAt));
  });
}

const dismissed = (issue: Issue): IssueDraft => ({ ...issue, choices: [], isInformational: true });
