import type { InputHTMLAttributes } from 'react';
import { Field } from './field.tsx';

interface TextFieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className' | 'onChange' | 'value'> {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, hint, problem = null, value, onChange, ...rest }: TextFieldProps) {
  return (
    <Field label={label} problem={problem} {...(hint === undefined ? {} : { hint })}>
      {(tie) => (
        <input
          spellCheck={false}
          autoCapitalize="off"
          {...rest}
          {...tie}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
