import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { IconButton } from './icon-button.tsx';
import css from './password-field.module.css';
import { TextField } from './text-field.tsx';

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly isNew?: boolean;
  readonly problem?: string | null;
  readonly onChange: (value: string) => void;
}

export function PasswordField({ isNew = false, ...field }: PasswordFieldProps) {
  const t = useMessages();
  const [isShown, setShown] = useState(false);
  return (
    <div className={css.password}>
      <TextField
        {...field}
        type={isShown ? 'text' : 'password'}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
      />
      <div className={css.eye}>
        <IconButton
          label={isShown ? t.common.hide : t.common.show}
          icon={isShown ? <EyeOff /> : <Eye />}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        />
      </div>
    </div>
  );
}
