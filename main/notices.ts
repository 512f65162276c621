import type { HomeStatus, Settings } from '../src/rpc/home-report.ts';
import type { Words } from './words.ts';

/** A message of the desktop; a click opens `page` of the window. */
export interface Notice {
  readonly body: string;
  readonly page: 'issues' | '';
}

export interface Notices {
  /** What is to be said about a new state, if anything. */
  of(status: HomeStatus, level: Settings['notifications'], words: Words): Notice | null;
}

/** Milliseconds in which at most one message is shown; what comes meanwhile is told together, once, when asked again. */
export const quiet = 60_000;

interface Known {
  readonly issues: number;
  readonly held: number;
  readonly isFrozen: boolean;
}

/**
 * Says what needs a person and is news: once, together, and at most one message a minute. What was so when the app started is no
 * news: the tray shows it. Security is said at once.
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
        isFrozen: told.isFrozen && now.isFrozen,
      };
      const isAlarm = now.isFrozen && !told.isFrozen;
      const isImportant = isAlarm || now.held > told.held;
      const isNews = isImportant || (level === 'all' && now.issues > told.issues);
      if (!isNews || level === 'none') return null;
      if (!isAlarm && monotonic() - lastAt < quiet) return null;
      const said = sentence(now, told, words, isAlarm);
      told = now;
      lastAt = monotonic();
      return { body: said, page: 'issues' };
    },
  };
}

function sentence(now: Known, told: Known, { notices: say }: Words, isAlarm: boolean): string {
  if (isAlarm) return say.security;
  return now.held > told.held ? say.held : say.attention(now.issues);
}

const knownOf = ({ state, pairs }: HomeStatus): Known => ({
  issues: pairs.reduce((sum, pair) => sum + pair.issues, 0),
  held: pairs.reduce((sum, pair) => sum + pair.held, 0),
  isFrozen: state === 'frozen',
});
