import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { SwitchField } from '../parts/switch-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import css from './settings.module.css';

const kibi = 1024;
/** Where a limit begins that was just switched on. */
const usual = 1024 * kibi;

interface RateFieldProps {
  readonly label: string;
  /** Bytes a second; null: no limit. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A limit that is off, or a number. What is typed holds when the field is left. */
export function RateField({ label, value, onChange }: RateFieldProps) {
  const t = useMessages();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? String(Math.round((value ?? usual) / kibi));
  const take = () => {
    if (typed === null) return;
    const rate = Number.parseInt(typed, 10);
    if (rate >= 1 && rate <= 1e9) onChange(rate * kibi);
    setTyped(null);
  };
  return (
    <div className={css.rate}>
      <SwitchField label={label} isOn={value !== null} onChange={(isOn) => onChange(isOn ? usual : null)} />
      {value === null ? null : (
        <TextField
          label={t.settings.rate}
          type="number"
          min={1}
          value={shown}
          onChange={setTyped}
          onBlur={take}
          onKeyDown={(event) => event.key === 'Enter' && take()}
        />
      )}
    </div>
  );
}
