import { ArrowRightLeft, FilePen, FilePlus2, FileX2, History } from 'lucide-react';
import { printable } from '../../src/common/printable.ts';
import type { ActivityItem } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { classes } from '../parts/classes.ts';
import { PathName } from '../parts/path-name.tsx';
import { address } from '../state/route.ts';
import css from './activity.module.css';

type Change = ActivityItem['changes'][number];

const icons: Readonly<Record<string, typeof FilePen>> = {
  create: FilePlus2,
  place: ArrowRightLeft,
  revise: FilePen,
  restore: History,
  delete: FileX2,
};

interface ActivityChangeProps {
  readonly change: Change;
  readonly pair: string | null;
  /** Where there is little room: the picture alone says what was done. */
  readonly isBrief?: boolean;
}

/** A file or folder and what became of it; leads to the folder that it is in. */
export function ActivityChange({ change, pair, isBrief = false }: ActivityChangeProps) {
  const t = useMessages();
  const Icon = icons[change.what] ?? FilePen;
  const names: Readonly<Record<string, string>> = t.activity.what;
  const folder = change.path.split('/').slice(0, -1);
  return (
    <li className={classes(css.change, isBrief && css.brief)}>
      <Icon aria-hidden="true" />
      <span className={isBrief ? 'hidden' : css.what}>{names[change.what] ?? t.activity.what.other}</span>
      <span className={css.where}>
        <PathName path={change.path} href={pair === null ? undefined : address('files', pair, ...folder)} />
        {change.from === null ? null : <bdi className={css.from}>{t.activity.from(printable(change.from))}</bdi>}
      </span>
    </li>
  );
}
