import { CloudDownload } from 'lucide-react';
import { printable } from '../../src/common/printable.ts';
import type { PairStatus } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { EntryIcon } from '../parts/entry-icon.tsx';
import { Facts } from '../parts/facts.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { PathName } from '../parts/path-name.tsx';
import { IgnoreRules } from '../settings/ignore-rules.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './pair-settings.module.css';

/** What holds for one folder: where it is, what of its vault is not on this computer, what no computer takes up. */
export function PairSettings({ status, onClose }: { readonly status: PairStatus; readonly onClose: () => void }) {
  const t = useMessages();
  const format = useFormat();
  const { pair, vaultName, folder } = status;
  const { data: infos } = useAnswer('pairs', {});
  const info = infos?.pairs.find((each) => each.pair === pair);
  return (
    <Dialog title={t.home.settingsOf(printable(vaultName))} isWide onClose={onClose}>
      <div className={css.parts}>
        <Facts
          facts={[
            [t.folder.path, <Name key="folder">{folder}</Name>],
            [t.folder.vault, <Name key="vault">{vaultName}</Name>],
            info === undefined ? null : [t.home.since, format.day(info.createdAt)],
          ]}
        />
        <section>
          <h3>{t.off.badge}</h3>
          <OffHere pair={pair} />
        </section>
        <section className={css.rules}>
          <h3>{t.settings.ignore}</h3>
          <IgnoreRules pair={pair} />
        </section>
      </div>
    </Dialog>
  );
}

function OffHere({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const { data, error, refetch } = useAnswer('deselected', { pair });
  const select = useAction('select');
  if (error !== null) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  if (data.deselected.length === 0)
    return (
      <p className={css.none}>
        {t.off.none} {t.off.how}
      </p>
    );
  return (
    <ul className={css.off}>
      {data.deselected.map(({ node, path, kind }) => (
        <li key={node}>
          <EntryIcon kind={kind} name={path} />
          <PathName path={path} />
          <Button
            icon={<CloudDownload />}
            isBusy={select.isPending && select.variables.path === path}
            onClick={() => select.mutate({ pair, path, isSelected: true })}
          >
            {t.off.bringBack}
          </Button>
        </li>
      ))}
    </ul>
  );
}
