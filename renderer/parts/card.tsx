import type { ReactNode } from 'react';
import css from './card.module.css';

/** A bordered area; with a title, a section of its own. */
export function Card({ title, text, children }: { title?: string; text?: string; children?: ReactNode }) {
  if (title === undefined) return <div className={css.card}>{children}</div>;
  return (
    <section className={css.card} aria-label={title}>
      <div>
        <h2>{title}</h2>
        {text === undefined ? null : <p className={css.text}>{text}</p>}
      </div>
      {children}
    </section>
  );
}
