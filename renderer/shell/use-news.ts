import { useEffect, useRef } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { type News, newsOf, type Told, toldNothing } from '../../src/rpc/news.ts';
import { useMessages } from '../i18n/messages.tsx';
import { useToast } from '../parts/toast.tsx';

const key = 'told';
/** Milliseconds for which one of several is left to be read. */
const apart = 10_000;

/** Tells of news once, also of those from before the window was opened. */
export function useNews(status: HomeStatus | undefined): void {
  const t = useMessages();
  const toast = useToast();
  const lastAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (status === undefined || performance.now() - lastAt.current < apart) return;
    const found = newsOf(status, toldSoFar());
    if (found === null) return;
    lastAt.current = performance.now();
    localStorage.setItem(key, JSON.stringify(found.told));
    toast.news(sentence(found.news), t.news.look, `#/${found.news.page}`);

    function sentence(news: News): string {
      switch (news.kind) {
        case 'new-device':
          return t.news.newDevice(printable(news.name));
        case 'conflict':
          return t.news.conflict;
        case 'new-vault':
          return t.news.newVault(printable(news.name));
      }
    }
  }, [status, t, toast]);
}

function toldSoFar(): Told {
  try {
    return { ...toldNothing, ...JSON.parse(localStorage.getItem(key) ?? '{}') };
  } catch {
    return toldNothing;
  }
}
