import { useMessages } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Page } from '../parts/page.tsx';
import { useAnswer } from '../state/queries.ts';
import { AccountSettings } from './account-settings.tsx';
import { BandwidthSettings } from './bandwidth-settings.tsx';
import { GeneralSettings } from './general-settings.tsx';
import { HelpSettings } from './help-settings.tsx';
import { IgnoreSettings } from './ignore-settings.tsx';
import { VaultSettings } from './vault-settings.tsx';

/** What a person may want otherwise. Each change holds at once. */
export function SettingsScreen() {
  const t = useMessages();
  const { data: settings, error } = useAnswer('settings-get', {});
  return (
    <Page title={t.nav.settings}>
      <FailureNote error={error} />
      {settings === undefined ? null : (
        <>
          <GeneralSettings settings={settings} />
          <BandwidthSettings settings={settings} />
        </>
      )}
      <IgnoreSettings />
      <VaultSettings />
      <AccountSettings />
      <HelpSettings />
    </Page>
  );
}
