import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { must } from '../../src/common/errors.ts';
import { useMessages } from '../i18n/messages.tsx';
import { useProblemText } from './failure-note.tsx';
import { IconButton } from './icon-button.tsx';
import css from './toast.module.css';

interface Toasts {
  say(text: string): void;
  failure(error: unknown): void;
}

interface Shown {
  readonly text: string;
  readonly isBad: boolean;
}

const Context = createContext<Toasts | null>(null);

/** Milliseconds that good news stays, if the person does not go elsewhere. */
const goodFor = 8000;

/** One message at a time at the foot of the window; what went wrong stays until it is closed. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const t = useMessages();
  const problem = useProblemText();
  const [shown, setShown] = useState<Shown | null>(null);
  const say = useCallback((text: string) => setShown({ text, isBad: false }), []);
  const failure = useCallback((error: unknown) => setShown({ text: problem(error), isBad: true }), [problem]);
  useEffect(() => {
    if (shown === null || shown.isBad) return undefined;
    const end = () => setShown(null);
    const timer = setTimeout(end, goodFor);
    addEventListener('hashchange', end);
    return () => {
      clearTimeout(timer);
      removeEventListener('hashchange', end);
    };
  }, [shown]);
  const toasts = useMemo(() => ({ say, failure }), [say, failure]);
  return (
    <Context value={toasts}>
      {children}
      <div className={css.place} role="status" aria-live="polite">
        {shown === null ? null : (
          <div className={css.toast}>
            {shown.isBad ? <CircleAlert className={css.bad} /> : <CircleCheck className={css.good} />}
            <span className={css.text}>{shown.text}</span>
            <IconButton label={t.common.dismiss} icon={<X />} onClick={() => setShown(null)} />
          </div>
        )}
      </div>
    </Context>
  );
}

export const useToast = (): Toasts => must(useContext(Context));
