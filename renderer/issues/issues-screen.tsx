import { CircleCheck } from 'lucide-react';
import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useAnswer } from '../state/queries.ts';
import { untoldTrouble } from '../state/untold-trouble.ts';
import { groupIssues } from './group-issues.ts';
import { IssueGroup } from './issue-group.tsx';
import css from './issues.module.css';
import { UntoldTroubles } from './untold-troubles.tsx';

/** What needs a person, and what is only good to know. */
export function IssuesScreen() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const pairs = status?.pairs ?? [];
  // Without a folder there is nothing to be asked for.
  return <Page title={t.nav.issues}>{pairs.length === 0 ? <Nothing /> : <Issues pairs={pairs} />}</Page>;
}

function Issues({ pairs }: Pick<HomeStatus, 'pairs'>) {
  const t = useMessages();
  const { data, error, refetch, isPending } = useAnswer('issues', { pair: null });
  const isTroubled = pairs.some((pair) => untoldTrouble(pair) !== null);
  const issues = data?.issues ?? [];
  const open = groupIssues(issues.filter(({ isInformational }) => !isInformational));
  const notes = groupIssues(issues.filter(({ isInformational }) => isInformational));
  return (
    <>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {isPending ? <Skeleton rows={4} /> : null}
      <UntoldTroubles pairs={pairs} />
      {data !== undefined && open.length === 0 && !isTroubled ? <Nothing /> : null}
      {open.map((group) => (
        <IssueGroup key={group.kind} group={group} />
      ))}
      {notes.length === 0 ? null : <h2 className={css.notes}>{t.issues.notes}</h2>}
      {notes.map((group) => (
        <IssueGroup key={group.kind} group={group} isNote />
      ))}
    </>
  );
}

function Nothing() {
  const t = useMessages();
  return <Empty icon={<CircleCheck />} title={t.issues.empty} text={t.issues.emptyText} />;
}
