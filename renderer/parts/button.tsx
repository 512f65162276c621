import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react';
import css from './button.module.css';
import { classes } from './classes.ts';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly look?: 'plain' | 'strong' | 'danger' | 'danger-strong' | 'quiet';
  readonly icon?: ReactNode;
  readonly isBusy?: boolean;
}

/** A click that does nothing, also where it would send a form. */
const ignore = (event: MouseEvent): void => event.preventDefault();

export function Button({ look = 'plain', icon, isBusy = false, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      // What is disabled loses the focus, and whoever has no mouse the place where they were.
      aria-disabled={isBusy ? true : undefined}
      aria-busy={isBusy}
      onClick={isBusy ? ignore : onClick}
      className={classes(css.button, css[look])}
      data-look={look}
    >
      {isBusy ? <span className={css.busy} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}
