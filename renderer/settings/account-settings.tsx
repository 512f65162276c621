import { useState } from 'react';
import { HoldfastError, isKind } from '../../src/common/errors.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Facts } from '../parts/facts.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { Note } from '../parts/note.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { ChangePassword } from './change-password.tsx';
import { ChangeServer } from './change-server.tsx';
import { ChangeWords } from './change-words.tsx';
import { DeleteAccount } from './delete-account.tsx';
import css from './settings.module.css';

/** Who is signed in, where, what opens the account, and the way out. */
export function AccountSettings() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const { data: info } = useAnswer('app-info', {});
  const [asked, setAsked] = useState<'password' | 'words' | 'server' | 'sign-out' | 'delete' | null>(null);
  const close = () => setAsked(null);
  const account = status?.account;
  if (account == null) return null;
  return (
    <Card title={t.settings.account}>
      <Facts
        facts={[
          [t.welcome.email, account.email],
          [t.settings.server, <Name key="server">{account.server}</Name>],
          [t.welcome.device, <Name key="device">{account.deviceName}</Name>],
          info === undefined ? null : [t.settings.keys, t.settings.keychain[info.keychain]],
        ]}
      />
      {account.areWordsUnconfirmed ? (
        <Note tone="info" title={t.words.unconfirmedTitle}>
          {t.words.unconfirmed}
        </Note>
      ) : null}
      <div className={css.row}>
        <Button onClick={() => setAsked('password')}>{t.settings.password}</Button>
        <Button onClick={() => setAsked('words')}>{t.settings.words}</Button>
        <Button onClick={() => setAsked('server')}>{t.settings.changeServer}</Button>
        <Button look="danger" onClick={() => setAsked('sign-out')}>
          {t.settings.signOut}
        </Button>
        <Button look="danger" onClick={() => setAsked('delete')}>
          {t.settings.deleteAccount}
        </Button>
      </div>
      {asked === 'password' ? <ChangePassword onClose={close} /> : null}
      {asked === 'words' ? <ChangeWords email={account.email} onClose={close} /> : null}
      {asked === 'server' ? <ChangeServer address={account.server} onClose={close} /> : null}
      {asked === 'sign-out' ? <SignOut onClose={close} /> : null}
      {asked === 'delete' ? <DeleteAccount onClose={close} /> : null}
    </Card>
  );
}

/** Why this computer cannot take itself off the server's list: its keys do not open. */
const locked: readonly (string | undefined)[] = ['keychain-closed', 'device-keys'];

/** Asks; and once more where the server, which should take this computer off its list, cannot be told. */
function SignOut({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages();
  const signOut = useAction('logout', { isQuiet: true, onDone: onClose });
  const isOffline = isKind(signOut.error, 'offline');
  const isLocked = signOut.error instanceof HoldfastError && locked.includes(signOut.error.reason);
  const isUntold = isOffline || isLocked;
  return (
    <Confirm
      title={t.settings.signOutTitle}
      text={isOffline ? t.settings.signOutOffline : isLocked ? t.settings.signOutLocked : t.settings.signOutText}
      verb={isUntold ? t.settings.signOutAnyway : t.settings.signOutDo}
      isDanger
      isBusy={signOut.isPending}
      onConfirm={() => signOut.mutate({ isForced: isUntold })}
      onClose={onClose}
    >
      {isUntold ? null : <FailureNote error={signOut.error} />}
    </Confirm>
  );
}
