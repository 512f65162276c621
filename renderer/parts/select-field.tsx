import { Field } from './field.tsx';

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** The system's own list: it is at home on every platform and with every screen reader. */
export function SelectField<T extends string>({ label, hint, value, options, onChange }: SelectFieldProps<T>) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(tie) => (
        <select {...tie} value={value} onChange={(event) => onChange(event.target.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
