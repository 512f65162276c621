import type { Output } from '../../src/rpc/contract.ts';
import { isForAll } from './choice-name.ts';

export type ShownIssue = Output<'issues'>['issues'][number];

export interface IssueGroupOf {
  readonly kind: ShownIssue['kind'];
  readonly issues: readonly ShownIssue[];
  /** Choices that every one of them takes that takes any, where there are several; and those that are about all anyway. */
  readonly shared: readonly string[];
}

/** Issues of one kind together, the most urgent first. */
const urgency: readonly ShownIssue['kind'][] = [
  'security',
  'root',
  'vault-gone',
  'too-old',
  'held-deletes',
  'disk-full',
  'quota',
];

export function groupIssues(issues: readonly ShownIssue[]): readonly IssueGroupOf[] {
  const rank = (kind: ShownIssue['kind']): number => {
    const at = urgency.indexOf(kind);
    return at === -1 ? urgency.length : at;
  };
  return [...Map.groupBy(issues, ({ kind }) => kind)]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([kind, of]) => ({ kind, issues: of, shared: sharedBy(of.filter(({ choices }) => choices.length > 0)) }));
}

const sharedBy = (issues: readonly ShownIssue[]): readonly string[] =>
  (issues[0]?.choices ?? []).filter(
    (choice) => (issues.length > 1 || isForAll(choice)) && issues.every(({ choices }) => choices.includes(choice)),
  );
