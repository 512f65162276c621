import { useMessages } from '../i18n/messages.tsx';
import { Card } from '../parts/card.tsx';
import { Facts } from '../parts/facts.tsx';
import { Name } from '../parts/name.tsx';
import { useAnswer } from '../state/queries.ts';
import { isOnlyHere } from './is-only-here.ts';

/** What a person types on the computer that is to be the next one; or why none can join. */
export function AddDevice() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const account = status?.account;
  if (account == null) return null;
  if (isOnlyHere(account.server)) return <Card title={t.devices.add} text={t.devices.addNot} />;
  return (
    <Card title={t.devices.add} text={t.devices.addText}>
      <Facts
        facts={[
          [t.welcome.address, <Name key="server">{account.server}</Name>],
          [t.welcome.email, account.email],
        ]}
      />
    </Card>
  );
}
