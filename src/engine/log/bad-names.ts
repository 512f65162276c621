import { printable } from '../../common/printable.ts';
import type { Index, IndexWriter } from '../../db/index-port.ts';
import type { OpenedEntry } from '../../vault/replay.ts';
import { withAdvice } from '../../vault/security-advice.ts';
import type { AppliedOperation } from '../../vault/tree-rules.ts';
import { issueRow } from '../issue-book.ts';

const prefix = 'bad-name:';
/** Whoever writes a thousand of them need not fill the list. */
const maxIssues = 100;
const maxShown = 60;
const security = 'E_PATH';
const what = 'A file or folder has a name that could reach outside its place.';
const meaning = 'It is left out on this computer; everything else syncs.';

const badNames = (applied: readonly AppliedOperation[]): string[] =>
  applied.flatMap(({ operation, ...result }) =>
    result.status === 'void' && result.reason === 'name' && 'name' in operation ? [operation.name] : [],
  );

/**
 * Another device wrote names that could lead out of their place: void, and told as E_PATH, one issue for each entry
 * (F-TREE-7). Ends when the person has taken note of it.
 */
export function noteBadNames(
  write: IndexWriter,
  read: Index['read'],
  { stamp }: Pick<OpenedEntry, 'stamp'>,
  applied: readonly AppliedOperation[],
  nowMs: number,
): void {
  const names = badNames(applied);
  const [first] = names;
  if (first === undefined || read.issues().filter(({ id }) => id.startsWith(prefix)).length >= maxIssues) return;
  const shown = printable([...first].slice(0, maxShown).join(''));
  const by = stamp.deviceId.slice(0, 8);
  const others = names.length === 1 ? '' : `, and ${names.length - 1} more`;
  write.putIssue(
    issueRow(
      {
        id: `${prefix}${stamp.seq}`,
        kind: 'void-operation',
        message: withAdvice({ message: `${what} “${shown}”${others}, made by the device ${by}. ${meaning}`, security }),
        choices: ['dismiss'],
        security,
      },
      nowMs,
    ),
  );
}
