import { CircleAlert, Info } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import css from './note.module.css';

interface NoteProps {
  readonly tone: 'info' | 'warn' | 'bad';
  readonly title?: string;
  readonly children: ReactNode;
  /** Buttons at its end. */
  readonly actions?: ReactNode;
  readonly ref?: Ref<HTMLDivElement>;
}

/** A sentence that must be seen. Bad news is announced. */
export function Note({ tone, title, children, actions, ref }: NoteProps) {
  return (
    <div ref={ref} className={classes(css.note, css[tone])} role={tone === 'bad' ? 'alert' : undefined}>
      {tone === 'info' ? <Info aria-hidden="true" /> : <CircleAlert aria-hidden="true" />}
      <div className={css.text}>
        {title === undefined ? null : <strong>{title}</strong>}
        <div>{children}</div>
      </div>
      {actions}
    </div>
  );
}
