import { useEffect } from 'react';
import { useMessages } from '../i18n/messages.tsx';

/** The window's title, which a screen reader tells first and a browser's tab shows. */
export function useTitle(title: string): void {
  const t = useMessages();
  useEffect(() => {
    document.title = `${title} · ${t.app}`;
  }, [title, t]);
}
