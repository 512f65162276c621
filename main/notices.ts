import { printable } from '../src/common/printable.ts';
import type { HomeStatus, Settings } from '../src/rpc/home-report.ts';
import { type News, newsOf, type Told, toldBy } from '../src/rpc/news.ts';
import type { Words } from './words.ts';

/** A message of the desktop; a click opens `page` of the window. */
interface Notice {
  readonly body: string;
  readonly page: string;
}

interface Notices {
  /** What is to be said about a new state, if anything. */
  of(status: HomeStatus, level: Settings['notifications'], words: Words): Notice | null;
}

/** At most one message is shown in so many milliseconds; what comes meanwhile is told together the next time. */
export const quiet = 60_000;

interface Known {
  readonly issues: number;
  readonly held: number;
  /** Folders that are not there; each is an issue as well. */
  readonly missing: number;
  /** Nothing syncs, for a reason that is no issue of a folder: for example, the server no longer lets this device in. */
  readonly isStopped: boolean;
  readonly isFrozen: boolean;
  readonly news: Told;
}

/**
 * Says what needs a person, or is good to know, and is news: once, together, and at most one message a minute. What was so when
 * the app started is no news: the tray shows it. Security is said at once.
 */
export function notices(monotonic: () => number): Notices {
  let told: Known | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    of: (status, level, words) => {
      const now = knownOf(status);
      told ??= now;
      // What is over may come again as news.
      told = {
        issues: Math.min(told.issues, now.issues),
        held: Math.min(told.held, now.held),
        missing: Math.min(told.missing, now.missing),
        isStopped: told.isStopped && now.isStopped,
        isFrozen: told.isFrozen && now.isFrozen,
        news: told.news,
      };
      const isAlarm = now.isFrozen && !told.isFrozen;
      const isStop = isAlarm || (now.isStopped && !told.isStopped);
      const isPressing =
        isStop || now.held > told.held || (level === 'all' && (now.issues > told.issues || now.missing > told.missing));
      const found = isPressing ? null : newsOf(status, told.news);
      const isNews = isPressing || (found !== null && (level === 'all' || found.news.kind === 'new-device'));
      if (!isNews || level === 'none') return null;
      if (!isAlarm && monotonic() - lastAt < quiet) return null;
      lastAt = monotonic();
      if (found !== null) {
        told = { ...told, news: found.told };
        return { body: newsSentence(found.news, words), page: found.news.page };
      }
      const said = sentence(now, told, words, isAlarm);
      told = { ...now, news: told.news };
      return { body: said, page: 'issues' };
    },
  };
}

function sentence(now: Known, told: Known, { notices: say }: Words, isAlarm: boolean): string {
  if (isAlarm) return say.security;
  if (now.isStopped && !told.isStopped) return say.stopped;
  if (now.held > told.held) return say.held;
  const missing = now.missing - told.missing;
  return missing > 0 && now.issues - told.issues <= missing ? say.missing : say.attention(now.issues);
}

function newsSentence(news: News, { notices: say }: Words): string {
  switch (news.kind) {
    case 'new-device':
      return say.newDevice(printable(news.name));
    case 'conflict':
      return say.conflict;
    case 'new-vault':
      return say.newVault(printable(news.name));
  }
}

const knownOf = (status: HomeStatus): Known => ({
  issues: status.pairs.reduce((sum, pair) => sum + pair.issues, 0),
  held: status.pairs.reduce((sum, pair) => sum + pair.held, 0),
  missing: status.pairs.filter(({ state }) => state === 'root-missing').length,
  isStopped:
    status.pairs.length > 0 &&
    status.pairs.every(({ state, messageKind }) => state === 'needs-attention' && messageKind === 'other'),
  isFrozen: status.state === 'frozen',
  news: toldBy(status),
});
