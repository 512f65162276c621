import { useState } from 'react';
import type { VaultInfo } from '../../src/rpc/app-report.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { useAnswer } from '../state/queries.ts';
import { DeleteVault } from './delete-vault.tsx';
import css from './vault-settings.module.css';

/** All vaults of the account, also those that no folder here has. */
export function VaultSettings() {
  const t = useMessages();
  const { data, error, refetch } = useAnswer('vaults', {});
  if (data === undefined ? error === null : data.vaults.length === 0) return null;
  return (
    <Card title={t.settings.vaults} text={t.settings.vaultsText}>
      {data === undefined ? <FailureNote error={error} onRetry={() => void refetch()} /> : null}
      <ul>
        {data?.vaults.map((vault) => (
          <VaultRow key={vault.vault} vault={vault} />
        ))}
      </ul>
    </Card>
  );
}

function VaultRow({ vault }: { readonly vault: VaultInfo }) {
  const t = useMessages();
  const format = useFormat();
  const { data: pairs } = useAnswer('pairs', {});
  const [isAsking, setAsking] = useState(false);
  const { name, bytes, pair } = vault;
  const folder = pairs?.pairs.find((info) => info.pair === pair)?.folder ?? null;
  return (
    <li className={css.vault}>
      <div className={css.name}>
        <h3>
          <Name>{name}</Name>
        </h3>
        <p>
          {bytes === null ? null : `${t.settings.vaultSize(format.bytes(bytes))} · `}
          {pair === null ? t.settings.vaultNotHere : folder === null ? null : <Name>{folder}</Name>}
        </p>
      </div>
      <Button look="danger" onClick={() => setAsking(true)}>
        {t.settings.deleteVault}
      </Button>
      {isAsking ? <DeleteVault vault={vault} onClose={() => setAsking(false)} /> : null}
    </li>
  );
}
