import { Ellipsis, FolderOpen, RefreshCw, Search, Settings2, ShieldCheck, Trash2, Unlink } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { PairStatus } from '../../src/model/status.ts';
import type { Output } from '../../src/rpc/contract.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Menu } from '../parts/menu.tsx';
import { useToast } from '../parts/toast.tsx';
import { DeleteVault } from '../settings/delete-vault.tsx';
import { useAnswer } from '../state/queries.ts';
import { go } from '../state/route.ts';
import { useAction } from '../state/use-action.ts';
import { FoundProblems } from './found-problems.tsx';
import { PairSettings } from './pair-settings.tsx';

/** All else that can be done with a folder pair. */
export function PairMenu({ status }: { readonly status: PairStatus }) {
  const t = useMessages();
  const toast = useToast();
  const { pair } = status;
  const name = printable(status.vaultName);
  const { data: info } = useAnswer('app-info', {});
  const [isRemoving, setRemoving] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [isSettings, setSettings] = useState(false);
  const sync = useAction('sync');
  const show = useAction('show-file');
  const remove = useAction('remove', { onDone: () => setRemoving(false) });
  const [found, setFound] = useState<Output<'verify'>['problems']>([]);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const verify = useAction('verify', {
    onDone: ({ nodes, problems }) => {
      if (problems.length === 0) return toast.say(t.home.verified(nodes));
      setFound(problems);
      // It takes a while: the person may be elsewhere by now.
      if (!isShown.current) toast.warn(t.home.problems(problems.length));
    },
  });
  const check = () => {
    toast.say(t.home.verifyRunning, true);
    verify.mutate({ pair, isDeep: false });
  };
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
          { label: t.home.settings, icon: <Settings2 />, onChoose: () => setSettings(true) },
          'line',
          { label: t.home.remove, icon: <Unlink />, isDanger: true, onChoose: () => setRemoving(true) },
          { label: t.settings.deleteVault, icon: <Trash2 />, isDanger: true, onChoose: () => setDeleting(true) },
        ]}
      />
      {isSettings ? <PairSettings status={status} onClose={() => setSettings(false)} /> : null}
      {isDeleting ? (
        <DeleteVault vault={{ vault: status.vault, name: status.vaultName }} onClose={() => setDeleting(false)} />
      ) : null}
      {found.length === 0 ? null : <FoundProblems problems={found} onClose={() => setFound([])} />}
      {isRemoving ? (
        <Confirm
          title={t.home.removeTitle(name)}
          text={t.home.removeText}
          verb={t.home.removeDo}
          isDanger
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate({ pair })}
          onClose={() => setRemoving(false)}
        />
      ) : null}
    </>
  );
}
