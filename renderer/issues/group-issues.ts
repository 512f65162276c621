import type { Output } from '../../src/rpc/contract.ts';

export type ShownIssue = Output<'issues'>['issues'][number];

export interface IssueGroupOf {
  readonly kind: ShownIssue['kind'];
  readonly issues: readonly ShownIssue[];
  /** Choices that every one of them takes, where there are several. */
  readonly shared: readonly string[];
}

/** Issues of one kind together, the most urgent first. */
const urgency: readonly ShownIssue['kind'][] = ['security', 'root', 'vault-gone', 'held-deletes', 'disk-full', 'quota'];

export function groupIssues(issues: readonly ShownIssue[]): readonly IssueGroupOf[] {
  const rank = (kind: ShownIssue['kind']): number => {
    const at = urgency.indexOf(kind);
    return at === -1 ? urgency.length : at;
  };
  return [...Map.groupBy(issues, ({ kind }) => kind)]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([kind, of]) => ({
      kind,
      issues: of,
      shared: of.length < 2 ? [] : (of[0]?.choices ?? []).filter((c) => of.every((one) => one.choices.includes(c))),
    }));
}
