import { HoldfastError } from '../common/errors.ts';
import type { Index } from '../db/index-port.ts';
import { resolveHeld } from './held-deletes.ts';
import type { IssueBook } from './issue-book.ts';
import { dismiss } from './unsynced-issues.ts';

/** Does what a person chose for an issue. */
export function resolveIssue(index: Index, issues: IssueBook, id: string, choice: string): void {
  const issue = issues.find(id);
  if (issue === null) throw new HoldfastError('missing', `There is no issue ${id}.`);
  if (!issue.choices.includes(choice)) {
    throw new HoldfastError('usage', `The choices for this issue are: ${issue.choices.join(', ') || 'none'}.`);
  }
  if (choice === 'allow' || choice === 'restore') resolveHeld(index, issues, id === 'held:up' ? 'up' : 'down', choice);
  else if (choice === 'dismiss' && issue.path === null) issues.end(id);
  else if (choice === 'dismiss') dismiss(index, issues, id);
  else if (choice === 'retry' && issue.node !== null) {
    const { node } = issue;
    index.transaction((write) => write.removeBlocked(node));
    issues.end(id);
  }
}
