import type { Settings } from '../../src/rpc/home-report.ts';
import { catalogues } from '../i18n/catalogues.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Card } from '../parts/card.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { SwitchField } from '../parts/switch-field.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './settings.module.css';

const themes = ['system', 'light', 'dark'] as const;
const notices = ['all', 'important', 'none'] as const;

export function GeneralSettings({ settings }: { readonly settings: Settings }) {
  const t = useMessages();
  const { data: info } = useAnswer('app-info', {});
  const { mutate: change } = useAction('settings-set');
  return (
    <Card title={t.settings.general}>
      <div className={css.columns}>
        <SelectField
          label={t.settings.language}
          value={settings.language}
          options={[
            { value: 'system', label: t.settings.systemLanguage },
            ...Object.entries(catalogues).map(([value, { name }]) => ({ value, label: name })),
          ]}
          onChange={(language) => change({ language })}
        />
        <SelectField
          label={t.settings.theme}
          value={settings.theme}
          options={themes.map((value) => ({ value, label: t.settings.themes[value] }))}
          onChange={(theme) => change({ theme })}
        />
        {info?.canStartAtLogin === true ? (
          <SelectField
            label={t.settings.notifications}
            value={settings.notifications}
            options={notices.map((value) => ({ value, label: t.settings.notify[value] }))}
            onChange={(notifications) => change({ notifications })}
          />
        ) : null}
      </div>
      {info?.canStartAtLogin === true ? (
        <SwitchField
          label={t.settings.atLogin}
          isOn={settings.startAtLogin}
          onChange={(startAtLogin) => change({ startAtLogin })}
        />
      ) : null}
    </Card>
  );
}
