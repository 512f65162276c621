import { HoldfastError } from '../../common/errors.ts';
import type { Index } from '../../db/index-port.ts';
import type { IssueBook } from '../issue-book.ts';
import { resolveHeld } from '../loop/held-deletes.ts';
import { dismiss, dismissAll } from '../observe/unsynced-issues.ts';

/** Does what a person chose for an issue. `seen`: as it was when they chose; null: whatever it says. */
export function resolveIssue(
  index: Index,
  issues: IssueBook,
  id: string,
  choice: string,
  seen: string | null = null,
): void {
  const issue = issues.find(id);
  if (issue === null) throw new HoldfastError('missing', `There is no issue ${id}.`);
  if (!issue.choices.includes(choice)) {
    throw new HoldfastError('usage', `The choices for this issue are: ${issue.choices.join(', ') || 'none'}.`);
  }
  if (seen !== null && seen !== issue.message) {
    throw new HoldfastError('conflict', 'What waits for you has changed meanwhile, so nothing was decided.', {
      hint: 'Look at it again before you decide.',
    });
  }
  if (choice === 'allow' || choice === 'restore') resolveHeld(index, issues, id === 'held:up' ? 'up' : 'down', choice);
  else if (choice === 'dismiss' && issue.path === null) issues.end(id);
  else if (choice === 'dismiss') dismiss(index, issues, id);
  else if (choice === 'dismiss-all') dismissAll(index, issues);
  else if (choice === 'retry' && issue.node !== null) {
    const { node } = issue;
    index.transaction((write) => write.removeBlocked(node));
    issues.end(id);
  }
}
