import { useEffect } from 'react';
import type { Settings } from '../../src/rpc/home-report.ts';

/** Lets the root carry the theme and language that were chosen, and the way in which that language is written. */
export function useAppearance(theme: Settings['theme'], language: string, direction: 'ltr' | 'rtl'): void {
  useEffect(() => {
    const { documentElement: root } = document;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.lang = language;
    root.dir = direction;
  }, [theme, language, direction]);
}
