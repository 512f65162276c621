import type { ButtonHTMLAttributes, ReactNode } from 'react';
import css from './button.module.css';
import { classes } from './classes.ts';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly look?: 'plain' | 'strong' | 'danger' | 'danger-strong' | 'quiet';
  readonly icon?: ReactNode;
  readonly isBusy?: boolean;
}

export function Button({ look = 'plain', icon, isBusy = false, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      aria-busy={isBusy}
      className={classes(css.button, css[look])}
      data-look={look}
    >
      {isBusy ? <span className={css.busy} aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}
