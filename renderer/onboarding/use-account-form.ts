import { useState } from 'react';
import { useAction } from '../state/use-action.ts';
import { useKeepPage } from '../state/use-keep-page.ts';

export type AccountWay = 'create' | 'sign-in' | 'recover';

interface AccountFormOptions {
  readonly server: string;
  readonly way: AccountWay;
  readonly proposedName: string;
  readonly onSettingUp: (isSettingUp: boolean) => void;
  readonly onCreated: (email: string, words: readonly string[]) => void;
  readonly onSignedIn: () => void;
}

const empty = { email: '', password: '', repeat: '', words: '', device: null as string | null };

/** What is typed for an account, and what is asked of Holdfast with it. */
export function useAccountForm({ server, way, proposedName, onSettingUp, onCreated, onSignedIn }: AccountFormOptions) {
  const [typed, setTyped] = useState(empty);
  const values = { ...typed, device: typed.device ?? proposedName };
  const email = values.email.trim();
  // Who could not sign in sets nothing up: another window, or an answer that was lost, may have done it.
  const quietly = { isQuiet: true, onFailed: () => onSettingUp(false) };
  const create = useAction('signup', {
    ...quietly,
    onDone: ({ recovery }) => onCreated(email, recovery.split(' ')),
  });
  // The answer brings the recovery words, this once.
  useKeepPage(create.isPending);
  const signIn = useAction('login', { ...quietly, onDone: onSignedIn });
  const recover = useAction('recover', { ...quietly, onDone: onSignedIn });

  const isNew = way !== 'sign-in';
  const isDifferent = isNew && values.repeat !== '' && values.repeat !== values.password;
  const isComplete =
    email !== '' &&
    values.password !== '' &&
    (!isNew || values.repeat === values.password) &&
    (way !== 'recover' || values.words.trim() !== '');

  return {
    values,
    set: (name: keyof typeof empty) => (value: string) => setTyped((before) => ({ ...before, [name]: value })),
    isDifferent,
    isComplete,
    isBusy: create.isPending || signIn.isPending || recover.isPending,
    error: { create, 'sign-in': signIn, recover }[way].error,
    submit: () => {
      if (!isComplete) return;
      const deviceName = values.device.trim() === '' ? null : values.device.trim();
      const { password } = values;
      // The account is there before the answer is: the window must not take that for the end of setting up.
      onSettingUp(true);
      if (way === 'create') create.mutate({ server, email, password, deviceName, isAskingBack: true });
      else if (way === 'sign-in') signIn.mutate({ server, email, password, deviceName });
      else recover.mutate({ server, email, words: values.words.trim(), newPassword: password, deviceName });
    },
  };
}
