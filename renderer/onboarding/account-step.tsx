import { HardDrive } from 'lucide-react';
import { useState } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Field } from '../parts/field.tsx';
import { PasswordField } from '../parts/password-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useAnswer } from '../state/queries.ts';
import css from './onboarding.module.css';
import { Step } from './step.tsx';
import { type AccountWay, useAccountForm } from './use-account-form.ts';

interface AccountStepProps {
  readonly server: string;
  readonly isHere: boolean;
  readonly onBack: () => void;
  readonly onSettingUp: (isSettingUp: boolean) => void;
  readonly onCreated: (email: string, words: readonly string[]) => void;
  readonly onSignedIn: () => void;
}

/** A new account, an account that is there, or one whose password is lost. */
export function AccountStep({ server, isHere, onBack, onSettingUp, onCreated, onSignedIn }: AccountStepProps) {
  const t = useMessages();
  const { data: info } = useAnswer('app-info', {});
  const [way, setWay] = useState<AccountWay>('create');
  const form = useAccountForm({
    server,
    way,
    proposedName: info?.deviceName ?? '',
    onSettingUp,
    onCreated,
    onSignedIn,
  });
  const { values, set } = form;
  const heading = {
    create: [t.welcome.newTitle, t.welcome.newText, t.welcome.create],
    'sign-in': [t.welcome.inTitle, t.welcome.inText, t.welcome.signIn],
    recover: [t.welcome.recoverTitle, t.welcome.recoverText, t.welcome.recover],
  } as const;
  const [title, text, verb] = heading[way];
  const others = {
    create: ['sign-in', t.welcome.have],
    'sign-in': ['create', t.welcome.haveNot],
    recover: ['sign-in', t.welcome.known],
  } as const;
  const [otherWay, otherVerb] = others[way];
  return (
    <Step
      // Another question begins where it is answered, and is told by its heading.
      key={way}
      title={title}
      text={text}
      onSubmit={form.submit}
      footer={
        <>
          <Button look="quiet" onClick={onBack}>
            {t.common.back}
          </Button>
          <Button look="quiet" onClick={() => setWay(otherWay)}>
            {otherVerb}
          </Button>
          <Button type="submit" look="strong" isBusy={form.isBusy} disabled={!form.isComplete}>
            {form.isBusy ? t.welcome.working : verb}
          </Button>
        </>
      }
    >
      <p className={css.where}>
        <HardDrive aria-hidden="true" />
        {isHere ? t.welcome.storedHere : t.welcome.storedAt(server)}
      </p>
      <div className={css.form}>
        <TextField
          label={t.welcome.email}
          value={values.email}
          onChange={set('email')}
          type="email"
          autoComplete="username"
          data-first
        />
        {way === 'recover' ? (
          <Field label={t.welcome.words}>
            {(tie) => (
              // All of them in sight: whoever types them compares them with a paper.
              <textarea
                {...tie}
                dir="ltr"
                autoCapitalize="off"
                autoComplete="off"
                spellCheck={false}
                value={values.words}
                onChange={(event) => set('words')(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <PasswordField
          label={way === 'recover' ? t.welcome.newPassword : t.welcome.password}
          value={values.password}
          isNew={way !== 'sign-in'}
          onChange={set('password')}
        />
        {way === 'sign-in' ? null : (
          <PasswordField
            label={t.welcome.repeat}
            value={values.repeat}
            isNew
            problem={form.isDifferent ? t.welcome.different : null}
            onChange={set('repeat')}
          />
        )}
        <TextField label={t.welcome.device} value={values.device} onChange={set('device')} maxLength={64} />
      </div>
      {way === 'sign-in' ? (
        <div className={css.forgot}>
          <Button look="quiet" onClick={() => setWay('recover')}>
            {t.welcome.forgot}
          </Button>
        </div>
      ) : null}
      <FailureNote error={form.error} />
    </Step>
  );
}
