import { useState } from 'react';
import { WhyDialog } from '../browse/why-dialog.tsx';
import { useFormat, useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { useAction } from '../state/use-action.ts';
import { choiceName, isDanger } from './choice-name.ts';
import type { ShownIssue } from './group-issues.ts';
import { HeldDialog } from './held-dialog.tsx';
import css from './issues.module.css';

/** An issue as a sentence, where it is, and the buttons that end it. */
export function IssueRow({ issue }: { readonly issue: ShownIssue }) {
  const t = useMessages();
  const format = useFormat();
  const phrase = usePhrase();
  const [dialog, setDialog] = useState<'held' | 'why' | 'allow' | null>(null);
  const close = () => setDialog(null);
  const resolve = useAction('resolve', { onDone: close });
  const choose = (choice: string) => resolve.mutate({ pair: issue.pair, issue: issue.id, choice });
  const isHeld = issue.kind === 'held-deletes';
  return (
    <li className={css.issue}>
      <div className={css.text}>
        <p>{phrase(issue.message, issue.path)}</p>
        <p className={css.where}>
          <bdi>{issue.folder}</bdi> · {t.issues.since(format.ago(issue.createdAt))}
        </p>
      </div>
      <div className={css.buttons}>
        {issue.path === null ? null : (
          <Button look="quiet" onClick={() => setDialog('why')}>
            {t.files.why}
          </Button>
        )}
        {isHeld ? (
          <Button look="quiet" onClick={() => setDialog('held')}>
            {t.issues.list}
          </Button>
        ) : null}
        {issue.choices
          .toSorted((a, b) => Number(isDanger(a)) - Number(isDanger(b)))
          .map((choice) => (
            <Button
              key={choice}
              look={isDanger(choice) ? 'danger' : 'plain'}
              isBusy={resolve.isPending && resolve.variables.choice === choice}
              onClick={() => (isDanger(choice) ? setDialog('allow') : choose(choice))}
            >
              {choiceName(t, choice)}
            </Button>
          ))}
      </div>
      {dialog === 'held' ? <HeldDialog pair={issue.pair} onClose={close} /> : null}
      {dialog === 'why' && issue.path !== null ? (
        <WhyDialog pair={issue.pair} path={issue.path} onClose={close} />
      ) : null}
      {dialog === 'allow' ? (
        <Confirm
          title={t.issues.allowTitle}
          text={t.issues.allowText}
          verb={t.issues.choice.allow}
          isDanger
          isBusy={resolve.isPending}
          onConfirm={() => choose('allow')}
          onClose={close}
        />
      ) : null}
    </li>
  );
}
