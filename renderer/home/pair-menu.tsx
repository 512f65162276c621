import { Ellipsis, FolderOpen, RefreshCw, Search, Settings2, ShieldCheck, Trash2, Unlink } from 'lucide-react';
import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { PairStatus } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Menu } from '../parts/menu.tsx';
import { DeleteVault } from '../settings/delete-vault.tsx';
import { useAnswer } from '../state/queries.ts';
import { go } from '../state/route.ts';
import { useAction } from '../state/use-action.ts';
import { FoundProblems } from './found-problems.tsx';
import { PairSettings } from './pair-settings.tsx';
import { useCheck } from './use-check.ts';

/** All else that can be done with a folder pair. */
export function PairMenu({ status }: { readonly status: PairStatus }) {
  const t = useMessages();
  const { pair } = status;
  const name = printable(status.vaultName);
  const { data: info } = useAnswer('app-info', {});
  const [dialog, setDialog] = useState<'settings' | 'remove' | 'delete' | null>(null);
  const close = () => setDialog(null);
  const sync = useAction('sync');
  const show = useAction('show-file');
  const remove = useAction('remove', { onDone: close });
  const { found, check, forget } = useCheck(pair);
  const open = { label: t.home.open, icon: <FolderOpen />, onChoose: () => show.mutate({ pair, path: '' }) };
  return (
    <>
      <Menu
        trigger={<IconButton label={t.home.actionsOf(name)} icon={<Ellipsis />} />}
        entries={[
          ...(info?.canOpenFiles === true ? [open] : []),
          { label: t.home.browse, icon: <Search />, onChoose: () => go('files', pair) },
          { label: t.home.syncNow, icon: <RefreshCw />, onChoose: () => sync.mutate({ pair }) },
          { label: t.home.verify, icon: <ShieldCheck />, onChoose: check },
          { label: t.home.settings, icon: <Settings2 />, onChoose: () => setDialog('settings') },
          'line',
          { label: t.home.remove, icon: <Unlink />, isDanger: true, onChoose: () => setDialog('remove') },
          { label: t.settings.deleteVault, icon: <Trash2 />, isDanger: true, onChoose: () => setDialog('delete') },
        ]}
      />
      {dialog === 'settings' ? <PairSettings status={status} onClose={close} /> : null}
      {dialog === 'delete' ? (
        <DeleteVault vault={{ vault: status.vault, name: status.vaultName }} onClose={close} />
      ) : null}
      {found.length === 0 ? null : <FoundProblems problems={found} onClose={forget} />}
      {dialog === 'remove' ? (
        <Confirm
          title={t.home.removeTitle(name)}
          text={t.home.removeText}
          verb={t.home.removeDo}
          isDanger
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate({ pair })}
          onClose={close}
        />
      ) : null}
    </>
  );
}
