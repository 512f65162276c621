import { type ReactNode, useId } from 'react';
import css from './field.module.css';

interface FieldProps {
  readonly label: string;
  /** For screen readers alone: the heading above says it already. */
  readonly isLabelHidden?: boolean;
  readonly hint?: string;
  readonly problem?: string | null;
  /** The input, given what ties it to its label and its texts. */
  readonly children: (tie: {
    readonly id: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean;
    readonly className: string | undefined;
  }) => ReactNode;
}

/** A labelled input with its hint, or what is wrong with it. */
export function Field({ label, isLabelHidden = false, hint, problem = null, children }: FieldProps) {
  const id = useId();
  const text = problem ?? hint;
  const textId = `${id}-text`;
  return (
    <div className={css.field}>
      <label className={isLabelHidden ? 'hidden' : css.label} htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': text === undefined ? undefined : textId,
        'aria-invalid': problem !== null,
        className: css.input,
      })}
      {text === undefined ? null : (
        <p id={textId} className={problem === null ? css.hint : css.problem}>
          {text}
        </p>
      )}
    </div>
  );
}
