import type { Settings } from '../../src/rpc/home-report.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Card } from '../parts/card.tsx';
import { useAction } from '../state/use-action.ts';
import { RateField } from './rate-field.tsx';

export function BandwidthSettings({ settings }: { readonly settings: Settings }) {
  const t = useMessages();
  const { mutate: change } = useAction('settings-set');
  return (
    <Card title={t.settings.bandwidth} text={t.settings.bandwidthText}>
      <RateField
        label={t.settings.up}
        value={settings.upBytesPerSecond}
        onChange={(upBytesPerSecond) => change({ upBytesPerSecond })}
      />
      <RateField
        label={t.settings.down}
        value={settings.downBytesPerSecond}
        onChange={(downBytesPerSecond) => change({ downBytesPerSecond })}
      />
    </Card>
  );
}
