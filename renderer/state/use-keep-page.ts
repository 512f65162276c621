import { useEffect } from 'react';

/** Has the browser ask before the page goes, and the app keep a window that was closed, while it shows what is shown only once. */
export function useKeepPage(hasMore: boolean): void {
  useEffect(() => {
    if (!hasMore) return;
    const keep = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', keep);
    return () => removeEventListener('beforeunload', keep);
  }, [hasMore]);
}
