import { Laptop } from 'lucide-react';
import { useState } from 'react';
import { printable } from '../../src/common/printable.ts';
import type { DeviceInfo } from '../../src/rpc/app-report.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { Note } from '../parts/note.tsx';
import { Page } from '../parts/page.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { AddDevice } from './add-device.tsx';
import css from './devices.module.css';

/** The computers of the account. */
export function DevicesScreen() {
  const t = useMessages();
  const { data, error, refetch, isPending } = useAnswer('devices', {});
  const devices = (data?.devices ?? []).toSorted((a, b) => Number(a.isRevoked) - Number(b.isRevoked));
  return (
    <Page title={t.nav.devices} text={t.devices.text}>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {data?.isOld === true ? <Note tone="warn">{t.devices.old}</Note> : null}
      {isPending ? <Skeleton rows={3} /> : null}
      {devices.length === 0 ? null : (
        <>
          <ul className={css.list}>
            {devices.map((device) => (
              <DeviceRow key={device.device} device={device} />
            ))}
          </ul>
          <AddDevice />
        </>
      )}
    </Page>
  );
}

function DeviceRow({ device }: { readonly device: DeviceInfo }) {
  const t = useMessages();
  const format = useFormat();
  const [isAsking, setAsking] = useState(false);
  const revoke = useAction('revoke-device', { onDone: () => setAsking(false) });
  return (
    <li className={css.device} data-revoked={device.isRevoked}>
      <Laptop aria-hidden="true" />
      <div className={css.name}>
        <h2>
          <Name>{device.name}</Name>
        </h2>
        <p>{t.devices.added(format.day(device.addedAt))}</p>
        {device.lastHeardAt === null ? null : (
          <p data-overdue={device.isOverdue}>
            {t.devices.heard(format.ago(device.lastHeardAt))}
            {device.isOverdue ? `. ${t.devices.overdue}` : null}
          </p>
        )}
      </div>
      {device.isThis ? <span className={css.badge}>{t.devices.current}</span> : null}
      {device.isRevoked ? (
        <span className={css.badge} data-quiet="true">
          {t.devices.revoked}
        </span>
      ) : null}
      {device.isThis || device.isRevoked ? null : (
        <Button look="danger" onClick={() => setAsking(true)}>
          {t.devices.revoke}
        </Button>
      )}
      {isAsking ? (
        <Confirm
          title={t.devices.revokeTitle(printable(device.name))}
          text={t.devices.revokeText}
          verb={t.devices.revokeDo}
          isDanger
          isBusy={revoke.isPending}
          onConfirm={() => revoke.mutate({ device: device.device })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </li>
  );
}
