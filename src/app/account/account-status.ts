import type { HomeStatus } from '../../rpc/home-report.ts';
import type { Config } from '../home/config.ts';
import { type StoredAccount, signedInOf } from './account-file.ts';
import { type AccountNews, noNews } from './account-news.ts';

/** Who is signed in, as a status says it. Words that were made anew since, on whichever device, are not those of a mark. */
export function accountStatusOf(
  stored: StoredAccount | null,
  { unconfirmedWords }: Pick<Config, 'unconfirmedWords'>,
  news: AccountNews = noNews,
): HomeStatus['account'] {
  const account = signedInOf(stored);
  if (stored === null || account === null) return null;
  const record = Buffer.from(stored.record.body);
  const areWordsUnconfirmed = unconfirmedWords.some((mark) => record.includes(Buffer.from(mark, 'base64url')));
  return { ...account, areWordsUnconfirmed, ...news };
}
