import { type ReactNode, useEffect, useRef } from 'react';
import { useTitle } from '../parts/use-title.ts';
import css from './onboarding.module.css';

interface StepProps {
  readonly title: string;
  readonly text: string;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  /** Its buttons; the first stands apart, at the beginning of the line. */
  readonly footer: ReactNode;
}

/** One question. Its heading takes the focus, so that a screen reader begins there; Enter is the last button. */
export function Step({ title, text, onSubmit, children, footer }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const first = heading.current?.closest('form')?.querySelector<HTMLElement>('[data-first]');
    (first ?? heading.current)?.focus();
  }, []);
  useTitle(title);
  return (
    <form
      className={css.step}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p className={css.lead}>{text}</p>
      </div>
      {children}
      <div className={css.foot}>{footer}</div>
    </form>
  );
}
