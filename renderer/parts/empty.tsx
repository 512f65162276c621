import type { ReactNode } from 'react';
import css from './empty.module.css';

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}

/** What stands where there is nothing to show: says what would be here, and offers the way to it. */
export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div className={css.empty}>
      <div className={css.icon} aria-hidden="true">
        {icon}
      </div>
      <h2>{title}</h2>
      {text === undefined ? null : <p className={css.text}>{text}</p>}
      {children}
    </div>
  );
}
