import { Notification } from 'electron';
import type { HomeStatus, Settings } from '../src/rpc/home-report.ts';
import { notices, quiet } from './notices.ts';
import type { Words } from './words.ts';

/** What is known when a message may be due. */
interface Moment {
  /** Null: the engine is not running. */
  readonly status: HomeStatus | null;
  readonly level: Settings['notifications'];
  readonly words: Words;
}

interface Notifier {
  /** Shows what is news now; what comes while it must be quiet is told afterwards, even if nothing else happens. */
  tell(): void;
  close(): void;
}

/** Messages of the desktop. `onClick` gets the page that one leads to. */
export function openNotifier(moment: () => Moment, onClick: (page: string) => void, monotonic: () => number): Notifier {
  const told = notices(monotonic);
  /** A notification that nothing refers to is collected, and a click on it lost. */
  const shownNow = new Set<Notification>();
  let next: NodeJS.Timeout | undefined;

  const tell = (): void => {
    const { status, level, words } = moment();
    const notice = status === null ? null : told.of(status, level, words);
    if (notice === null || !Notification.isSupported()) return;
    const shown = new Notification({ title: 'Holdfast', body: notice.body });
    shown.on('click', () => onClick(notice.page));
    shown.once('close', () => shownNow.delete(shown));
    shownNow.add(shown);
    shown.show();
    clearTimeout(next);
    next = setTimeout(tell, quiet);
  };
  return { tell, close: () => clearTimeout(next) };
}
