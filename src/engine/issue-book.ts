import type { Clock } from '../common/clock.ts';
import type { HoldfastError, SecurityCode } from '../common/errors.ts';
import type { NodeId } from '../common/ids.ts';
import type { Index, IssueRow } from '../db/index-port.ts';
import type { Issue, IssueKind } from '../model/status.ts';

export interface IssueDraft {
  readonly id: string;
  readonly kind: IssueKind;
  readonly message: string;
  readonly node?: NodeId | null;
  readonly path?: string | null;
  readonly choices?: readonly string[];
  readonly security?: SecurityCode | null;
  readonly isInformational?: boolean;
  readonly details?: unknown;
}

/** The problems shown to the person, kept in the index so that they survive a restart. */
export interface IssueBook {
  /** The same id again is the same issue: its first time stays. */
  raise(draft: IssueDraft): void;
  end(id: string): void;
  /** Ends those whose id begins so and for which `isOver`. */
  endWhere(prefix: string, isOver: (issue: Pick<IssueRow, 'id' | 'kind' | 'node' | 'path'>) => boolean): void;
  find(id: string): (Issue & { readonly details: unknown }) | null;
  all(): Issue[];
  /** Issues that keep the pair from being up to date. */
  readonly openCount: number;
}

interface StoredDetails {
  readonly security: SecurityCode | null;
  readonly isInformational: boolean;
  readonly details: unknown;
}

/** As the index keeps it, for who is in a transaction already. */
export function issueRow(draft: IssueDraft, createdAt: number): IssueRow {
  const data: StoredDetails = {
    security: draft.security ?? null,
    isInformational: draft.isInformational ?? false,
    details: draft.details ?? null,
  };
  return {
    id: draft.id,
    kind: draft.kind,
    message: draft.message,
    node: draft.node ?? null,
    path: draft.path ?? null,
    actions: draft.choices ?? [],
    createdAt,
    data,
  };
}

/** What a scan finds again each time is not written again. */
const isSame = (a: IssueRow, b: IssueRow): boolean =>
  a.kind === b.kind &&
  a.message === b.message &&
  a.node === b.node &&
  a.path === b.path &&
  JSON.stringify([a.actions, a.data]) === JSON.stringify([b.actions, b.data]);

export function issueBook(index: Index, clock: Clock): IssueBook {
  const asIssue = (row: IssueRow): Issue & { readonly details: unknown } => {
    const stored = row.data as StoredDetails | null;
    return {
      id: row.id,
      kind: row.kind as IssueKind,
      message: row.message,
      node: row.node,
      path: row.path,
      choices: row.actions,
      createdAt: row.createdAt,
      security: stored?.security ?? null,
      isInformational: stored?.isInformational ?? false,
      details: stored?.details ?? null,
    };
  };
  const all = (): (Issue & { readonly details: unknown })[] => index.read.issues().map(asIssue);
  let counted: { readonly of: readonly IssueRow[]; readonly open: number } | null = null;
  const openCount = (): number => {
    const of = index.read.issues();
    if (counted?.of !== of) counted = { of, open: of.filter((row) => !asIssue(row).isInformational).length };
    return counted.open;
  };
  const end = (id: string): void => {
    if (index.read.issue(id) !== null) index.transaction((write) => write.removeIssue(id));
  };
  return {
    raise(draft) {
      const before = index.read.issue(draft.id);
      const row = issueRow(draft, before?.createdAt ?? clock.now());
      if (before === null || !isSame(before, row)) index.transaction((write) => write.putIssue(row));
    },
    end,
    endWhere(prefix, isOver) {
      for (const row of index.read.issues()) if (row.id.startsWith(prefix) && isOver(row)) end(row.id);
    },
    find(id) {
      const row = index.read.issue(id);
      return row === null ? null : asIssue(row);
    },
    all,
    get openCount() {
      return openCount();
    },
  };
}

/** Which kind of issue a failure of one file is. */
export function issueKindOf(error: HoldfastError): IssueKind {
  if (error.kind === 'security') return 'security';
  if (error.reason === 'disk-full') return 'disk-full';
  if (error.reason === 'quota') return 'quota';
  if (error.reason === 'too-long' || error.reason === 'bad-name') return 'name-not-syncable';
  return 'file-blocked';
}
