import { useState } from 'react';
import type { Output } from '../../src/rpc/contract.ts';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { useToast } from '../parts/toast.tsx';
import { useService } from '../state/service.tsx';
import { useWork } from '../state/use-action.ts';
import { choiceName, isDanger, isForAll } from './choice-name.ts';
import type { IssueGroupOf, ShownIssue } from './group-issues.ts';
import { IssueMark } from './issue-mark.tsx';
import { IssueRow } from './issue-row.tsx';
import css from './issues.module.css';

type BulkFailure = Output<'resolve-many'>['failures'][number];

const few = 5;
const page = 100;
/** More than so many are decided in several questions: one holds no list of any length. */
const atOnce = 1000;

/** Issues of one kind: what it is, why, and one decision for all of them. */
export function IssueGroup({ group, isNote = false }: { readonly group: IssueGroupOf; readonly isNote?: boolean }) {
  const t = useMessages();
  const phrase = usePhrase();
  const toast = useToast();
  const [most, setMost] = useState(few);
  const { kind, issues, shared } = group;
  const service = useService();
  const taking = (choice: string): readonly ShownIssue[] => issues.filter(({ choices }) => choices.includes(choice));
  const many = useWork(async (choice: string): Promise<void> => {
    const deciding = taking(choice);
    const concerned = isForAll(choice) ? firstOfEachPair(deciding) : deciding;
    let done = 0;
    const failures: BulkFailure[] = [];
    for (let at = 0; at < concerned.length; at += atOnce) {
      const some = concerned.slice(at, at + atOnce).map(({ pair, id }) => ({ pair, issue: id }));
      const outcome = await service['resolve-many']({ issues: some, choice });
      done += outcome.done;
      failures.push(...outcome.failures);
    }
    const [first] = failures;
    if (first !== undefined) return toast.warn(`${t.issues.failed(failures.length)} ${phrase(first.failure.message)}`);
    toast.say(t.issues.done(isForAll(choice) ? deciding.length : done));
  });
  const shown = issues.slice(0, most);
  const rest = issues.length - shown.length;
  return (
    <section
      className={css.group}
      aria-label={isNote ? `${t.issues.notes}: ${t.issues.kind[kind]}` : t.issues.kind[kind]}
    >
      <div className={css.head}>
        <IssueMark kind={kind} />
        <div className={css.title}>
          <h2>{t.issues.kind[kind]}</h2>
          <p>{t.issues.cause[kind]}</p>
        </div>
        {shared
          .filter((choice) => !isDanger(choice))
          .map((choice) => (
            <Button key={choice} isBusy={many.isPending} onClick={() => many.mutate(choice)}>
              {isForAll(choice) ? choiceName(t, choice) : t.issues.all(choiceName(t, choice), taking(choice).length)}
            </Button>
          ))}
      </div>
      <ul>
        {shown.map((issue) => (
          <IssueRow key={`${issue.pair} ${issue.id}`} issue={issue} />
        ))}
      </ul>
      {rest > 0 ? (
        <Button look="quiet" onClick={() => setMost(most === few ? page : most + page)}>
          {t.issues.showMore(rest)}
        </Button>
      ) : null}
      {most > few && issues.length > few ? (
        <Button look="quiet" onClick={() => setMost(few)}>
          {t.activity.less}
        </Button>
      ) : null}
    </section>
  );
}

const firstOfEachPair = (issues: readonly ShownIssue[]): readonly ShownIssue[] => [
  ...new Map(issues.map((issue) => [issue.pair, issue])).values(),
];
