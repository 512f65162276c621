import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import { must } from '../../src/common/errors.ts';
import { useMessages } from '../i18n/messages.tsx';
import { useProblemText } from './failure-note.tsx';
import { IconButton } from './icon-button.tsx';
import css from './toast.module.css';

interface Toasts {
  /** `isNews`: nothing was done yet. */
  say(text: string, isNews?: boolean): void;
  /** Bad news; stays until it is closed. */
  warn(text: string): void;
  /** Stays until it is closed, or the person goes elsewhere, as the link `label` does. */
  news(text: string, label: string, href: string): void;
  failure(error: unknown): void;
}

interface Shown {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'news';
  readonly link: { readonly label: string; readonly href: string } | null;
}

const icons = { good: CircleCheck, bad: CircleAlert, news: Info } as const;

const Context = createContext<Toasts | null>(null);

/** Milliseconds that good news stays, if the person does not go elsewhere. */
const goodFor = 8000;

/** One message at a time at the foot of the window; what went wrong stays until it is closed. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const t = useMessages();
  const problem = useProblemText();
  const [shown, setShown] = useState<Shown | null>(null);
  const say = useCallback(
    (text: string, isNews = false) => setShown({ text, tone: isNews ? 'news' : 'good', link: null }),
    [],
  );
  const news = useCallback(
    (text: string, label: string, href: string) => setShown({ text, tone: 'news', link: { label, href } }),
    [],
  );
  const warn = useCallback((text: string) => setShown({ text, tone: 'bad', link: null }), []);
  const failure = useCallback((error: unknown) => warn(problem(error)), [problem, warn]);
  useEffect(() => {
    if (shown === null || shown.tone === 'bad') return undefined;
    const end = () => setShown(null);
    const timer = shown.link === null ? setTimeout(end, goodFor) : undefined;
    addEventListener('hashchange', end);
    return () => {
      clearTimeout(timer);
      removeEventListener('hashchange', end);
    };
  }, [shown]);
  const toasts = useMemo(() => ({ say, warn, news, failure }), [say, warn, news, failure]);
  const Icon = icons[shown?.tone ?? 'good'];
  return (
    <Context value={toasts}>
      {children}
      {/* Beside the page, over whose dialog it is: what a dialog asked for may be what went wrong. */}
      {createPortal(
        <div className={css.place} role="status" aria-live="polite">
          {shown === null ? null : (
            <div className={css.toast}>
              <Icon className={css[shown.tone]} />
              <span className={css.text}>{shown.text}</span>
              {shown.link === null ? null : (
                <a className={css.link} href={shown.link.href} onClick={() => setShown(null)}>
                  {shown.link.label}
                </a>
              )}
              <IconButton label={t.common.dismiss} icon={<X />} onClick={() => setShown(null)} />
            </div>
          )}
        </div>,
        document.body,
      )}
    </Context>
  );
}

export const useToast = (): Toasts => must(useContext(Context));
