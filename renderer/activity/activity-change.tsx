import { printable } from '../../src/common/printable.ts';
import type { ActivityItem } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { PathName } from '../parts/path-name.tsx';
import { address } from '../state/route.ts';
import css from './activity.module.css';
import { ChangeIcon } from './change-icon.tsx';
import { useWhatWasDone } from './use-what-was-done.ts';

type Change = ActivityItem['changes'][number];

interface ActivityChangeProps {
  readonly change: Change;
  readonly pair: string;
}

/** A file or folder and what became of it; leads to the folder that it is in. */
export function ActivityChange({ change, pair }: ActivityChangeProps) {
  const t = useMessages();
  const whatWasDone = useWhatWasDone();
  const folder = change.path.split('/').slice(0, -1);
  return (
    <li className={css.change}>
      <ChangeIcon change={change} />
      <span className={css.what}>{whatWasDone(change.what)}</span>
      <span className={css.where}>
        <PathName path={change.path} href={address('files', pair, ...folder)} />
        {change.from === null ? null : <bdi className={css.from}>{t.activity.from(printable(change.from))}</bdi>}
      </span>
    </li>
  );
}
