import { type ReactNode, useState } from 'react';
import { ActivityScreen } from '../activity/activity-screen.tsx';
import { FilesScreen } from '../browse/files-screen.tsx';
import { DevicesScreen } from '../devices/devices-screen.tsx';
import { HomeScreen } from '../home/home-screen.tsx';
import { useMessages } from '../i18n/messages.tsx';
import { IssuesScreen } from '../issues/issues-screen.tsx';
import { Onboarding } from '../onboarding/onboarding.tsx';
import { Popup } from '../popup/popup.tsx';
import { SettingsScreen } from '../settings/settings-screen.tsx';
import { useAnswer } from '../state/queries.ts';
import { go, type Route, useRoute } from '../state/route.ts';
import { LostLine } from './lost-line.tsx';
import { Nav } from './nav.tsx';
import { NoStart } from './no-start.tsx';
import css from './shell.module.css';
import { useNews } from './use-news.ts';
import { useStarted } from './use-started.ts';

/** What the window shows: setting up, the popup, or a screen beside the way to the others. */
export function Shell() {
  const t = useMessages();
  const route = useRoute();
  const { data: status, error, refetch } = useAnswer('status', {});
  const [isSettingUp, setSettingUp] = useState(false);
  useStarted(status !== undefined || error !== null);
  useNews(route.screen === 'popup' ? undefined : status);
  // Whoever signed out in the settings and in again is not there for them.
  const begin = (): void => {
    setSettingUp(false);
    go('folders');
  };

  if (status === undefined) {
    return error === null ? (
      <p className="hidden" role="status">
        {t.offline.starting}
      </p>
    ) : (
      <NoStart error={error} onRetry={() => void refetch()} />
    );
  }
  if (route.screen === 'popup') return <Popup status={status} />;
  if (status.account === null || isSettingUp) {
    return (
      <Content>
        <Onboarding onSettingUp={setSettingUp} onDone={begin} />
      </Content>
    );
  }
  return (
    <Content nav={<Nav status={status} screen={route.screen} />}>
      <Screen route={route} />
    </Content>
  );
}

/** Whatever is shown, and above it whether that may be old. */
function Content({ nav, children }: { readonly nav?: ReactNode; readonly children: ReactNode }) {
  return (
    <div className={css.shell}>
      {nav}
      <div className={css.content}>
        <LostLine />
        {children}
      </div>
    </div>
  );
}

function Screen({ route }: { readonly route: Route }) {
  switch (route.screen) {
    case 'files':
      return <FilesScreen pair={route.rest[0] ?? null} path={route.rest.slice(1).join('/')} />;
    case 'activity':
      return <ActivityScreen />;
    case 'issues':
      return <IssuesScreen />;
    case 'devices':
      return <DevicesScreen />;
    case 'settings':
      return <SettingsScreen />;
    default:
      return <HomeScreen />;
  }
}
