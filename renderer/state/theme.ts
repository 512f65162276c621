import { useEffect } from 'react';
import type { Settings } from '../../src/rpc/home-report.ts';

/** Lets the root carry the theme and language that were chosen. */
export function useAppearance(theme: Settings['theme'], language: string): void {
  useEffect(() => {
    const { documentElement: root } = document;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.lang = language;
  }, [theme, language]);
}
