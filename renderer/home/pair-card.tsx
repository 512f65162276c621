import { FolderSync, Pause, Play } from 'lucide-react';
import { memo } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { PairStatus } from '../../src/model/status.ts';
import type { PairInfo } from '../../src/rpc/home-report.ts';
import { waitingChanges } from '../../src/rpc/waiting-changes.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Name } from '../parts/name.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { address } from '../state/route.ts';
import { useAction } from '../state/use-action.ts';
import { useKnownState } from '../state/use-known-state.ts';
import css from './pair-card.module.css';
import { PairMenu } from './pair-menu.tsx';
import { PairProgress } from './pair-progress.tsx';
import { PauseMenu } from './pause-menu.tsx';

/** So many silent devices are named; the list of devices names all. */
const fewSilent = 3;

interface PairCardProps {
  readonly status: PairStatus;
  readonly info: PairInfo | undefined;
}

/** A folder that is kept in step: where it is, how it is, and what can be done with it. While one of many syncs, the others stay. */
export const PairCard = memo(function PairCard({ status, info }: PairCardProps) {
  const t = useMessages();
  const { pair, vaultName, folder } = status;
  const state = useKnownState(status.state);
  const pause = useAction('pause');
  const resume = useAction('resume');
  const isPaused = info?.isPaused ?? status.state === 'paused';
  return (
    <article className={css.card} aria-label={printable(vaultName)}>
      <div className={css.head}>
        <span className={css.icon} aria-hidden="true">
          <FolderSync />
        </span>
        <div className={css.names}>
          <h3>
            <a href={address('files', pair)}>
              <Name>{vaultName}</Name>
            </a>
          </h3>
          <span title={printable(folder)}>
            <Name className={css.folder}>{folder}</Name>
          </span>
        </div>
        <div className={css.aside}>
          <span className={css.state}>
            <StateMark state={state} />
            {t.state[state]}
          </span>
          {isPaused ? (
            <IconButton label={t.home.resume} icon={<Play />} onClick={() => resume.mutate({ pair })} />
          ) : (
            <PauseMenu
              trigger={<IconButton label={t.home.pause} icon={<Pause />} />}
              onPause={(minutes) => pause.mutate({ pair, minutes })}
            />
          )}
          <PairMenu status={status} />
        </div>
      </div>
      <PairProgress status={status} />
      <PairFacts status={status} pausedUntil={info?.pausedUntil ?? null} />
    </article>
  );
});

function PairFacts({ status, pausedUntil }: { readonly status: PairStatus; readonly pausedUntil: number | null }) {
  const t = useMessages();
  const format = useFormat();
  const { files, folders, lastSyncedAt, since, issues, held, heard } = status;
  const silent = heard.filter(({ isOverdue }) => isOverdue);
  const waiting = waitingChanges(status);
  return (
    <ul className={css.facts}>
      {lastSyncedAt === null && files + folders === 0 ? null : (
        <>
          <li>{t.common.files(files)}</li>
          <li>{t.common.folders(folders)}</li>
        </>
      )}
      {since === null ? null : <li>{t.home.stands(format.moment(since))}</li>}
      <li>{lastSyncedAt === null ? t.home.neverSynced : t.home.synced(format.ago(lastSyncedAt))}</li>
      {waiting > 0 ? <li>{t.home.pending(waiting)}</li> : null}
      {pausedUntil === null ? null : <li>{t.home.pausedUntil(format.until(pausedUntil))}</li>}
      {silent.slice(0, fewSilent).map(({ device, deviceName, lastHeardAt }) => (
        <li key={device}>
          <a className={css.warn} href={address('devices')}>
            {t.home.silent(printable(deviceName), format.ago(lastHeardAt))}
          </a>
        </li>
      ))}
      {silent.length > fewSilent ? (
        <li>
          <a className={css.warn} href={address('devices')}>
            {t.preview.more(silent.length - fewSilent)}
          </a>
        </li>
      ) : null}
      {held > 0 || issues > 0 ? (
        <li>
          <a className={css.warn} href={address('issues')}>
            {held > 0 ? t.home.heldOf(held) : t.home.issuesOf(issues)}
          </a>
        </li>
      ) : null}
    </ul>
  );
}
