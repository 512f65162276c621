import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import css from './page.module.css';
import { useTitle } from './use-title.ts';

interface PageProps {
  readonly title: string;
  readonly text?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Takes the whole height and scrolls inside. */
  readonly isFilled?: boolean;
}

/** A screen: its heading, what can be done on it, and its content. */
export function Page({ title, text, actions, children, isFilled = false }: PageProps) {
  useTitle(title);
  return (
    <main id="content" tabIndex={-1} className={classes(css.page, isFilled && css.filled)}>
      <header className={css.head}>
        <div>
          <h1>{title}</h1>
          {text === undefined ? null : <p className={css.text}>{text}</p>}
        </div>
        {actions === undefined ? null : <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </main>
  );
}
