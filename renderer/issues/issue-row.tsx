import { memo, useEffect, useState } from 'react';
import { WhyDialog } from '../browse/why-dialog.tsx';
import { useFormat, useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Name } from '../parts/name.tsx';
import { useToast } from '../parts/toast.tsx';
import { SaveReport } from '../settings/save-report.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { choiceName, isDanger, isForAll } from './choice-name.ts';
import type { ShownIssue } from './group-issues.ts';
import { HeldDialog } from './held-dialog.tsx';
import css from './issues.module.css';
import { LocateFolder } from './locate-folder.tsx';

/** An issue as a sentence, where it is, and the buttons that end it. */
export const IssueRow = memo(function IssueRow({ issue }: { readonly issue: ShownIssue }) {
  const t = useMessages();
  const format = useFormat();
  const phrase = usePhrase();
  const toast = useToast();
  const [dialog, setDialog] = useState<'held' | 'why' | null>(null);
  /** What is asked about once more, as it was when it was asked. */
  const [asked, setAsked] = useState<string | null>(null);
  const close = () => {
    setDialog(null);
    setAsked(null);
  };
  const resolve = useAction('resolve', { onDone: close });
  // A yes to what has grown meanwhile would be a yes to what nobody saw.
  const isOther = asked !== null && asked !== issue.message && !resolve.isPending;
  useEffect(() => {
    if (!isOther) return;
    setAsked(null);
    toast.say(t.issues.changed);
  }, [isOther, toast, t]);
  const choose = (choice: string, seen?: string) => resolve.mutate({ pair: issue.pair, issue: issue.id, choice, seen });
  return (
    <li className={css.issue}>
      <div className={css.text}>
        <p>{phrase(issue.message, issue.path)}</p>
        <p className={css.where}>
          <Name>{issue.folder}</Name>
          {issue.createdAt === 0 ? null : ` · ${format.ago(issue.createdAt)}`}
        </p>
      </div>
      <div className={css.buttons}>
        {issue.kind === 'held-deletes' ? (
          <Button look="quiet" onClick={() => setDialog('held')}>
            {t.issues.list}
          </Button>
        ) : null}
        <Looking issue={issue} onWhy={() => setDialog('why')} />
        {issue.choices
          .filter((choice) => !isForAll(choice))
          .toSorted((a, b) => Number(isDanger(a)) - Number(isDanger(b)))
          .map((choice) => (
            <Button
              key={choice}
              look={isDanger(choice) ? 'danger' : 'plain'}
              isBusy={resolve.isPending && resolve.variables.choice === choice}
              onClick={() => (isDanger(choice) ? setAsked(issue.message) : choose(choice))}
            >
              {choiceName(t, choice)}
            </Button>
          ))}
      </div>
      {dialog === 'held' ? <HeldDialog pair={issue.pair} onClose={close} /> : null}
      {dialog === 'why' && issue.path !== null ? (
        <WhyDialog pair={issue.pair} path={issue.path} node={null} onClose={close} />
      ) : null}
      {asked === null || isOther ? null : (
        <Confirm
          title={t.issues.allowTitle}
          text={t.issues.allowText}
          verb={t.issues.choice.allow}
          isDanger
          isBusy={resolve.isPending}
          onConfirm={() => choose('allow', asked)}
          onClose={close}
        >
          <p>{phrase(asked, issue.path)}</p>
        </Confirm>
      )}
    </li>
  );
});

/** Where it lies: a name that is no text cannot be pointed at. */
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** What helps a person to see for themselves: where it is, why it is so, and whether it is over by now. */
function Looking({ issue, onWhy }: { readonly issue: ShownIssue; readonly onWhy: () => void }) {
  const t = useMessages();
  const { pair, path, kind, choices, isInformational } = issue;
  const { data: info } = useAnswer('app-info', {});
  const show = useAction('show-file');
  const sync = useAction('sync');
  const isMended = choices.length === 0 && kind !== 'security' && !isInformational;
  return (
    <>
      {path === null ? null : (
        <Button look="quiet" onClick={onWhy}>
          {t.files.why}
        </Button>
      )}
      {path === null || info?.canOpenFiles !== true ? null : (
        <Button
          look="quiet"
          isBusy={show.isPending}
          onClick={() => show.mutate({ pair, path: kind === 'name-not-syncable' ? folderOf(path) : path })}
        >
          {t.files.showHere}
        </Button>
      )}
      {kind === 'root' ? <LocateFolder pair={pair} /> : null}
      {isMended ? (
        <Button isBusy={sync.isPending} onClick={() => sync.mutate({ pair })}>
          {t.issues.choice.retry}
        </Button>
      ) : null}
      {kind === 'security' ? <SaveReport /> : null}
    </>
  );
}
