import { useEffect } from 'react';
import { holdRoute } from './route.ts';

/** Has the browser ask before the page goes, and the app keep a window that was closed, while it shows what is shown only once. */
export function useKeepPage(hasMore: boolean): void {
  useEffect(() => {
    if (!hasMore) return;
    const keep = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', keep);
    // A click on a message of the desktop would lead it elsewhere.
    const release = holdRoute();
    return () => {
      removeEventListener('beforeunload', keep);
      release();
    };
  }, [hasMore]);
}
