import { Switch } from '@base-ui/react/switch';
import { useId } from 'react';
import css from './switch-field.module.css';

interface SwitchFieldProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function SwitchField({ label, isOn, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className={css.field}>
      <span id={id}>{label}</span>
      <Switch.Root className={css.track} aria-labelledby={id} checked={isOn} onCheckedChange={(next) => onChange(next)}>
        <Switch.Thumb className={css.thumb} />
      </Switch.Root>
    </div>
  );
}
