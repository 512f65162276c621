import type { ReactElement } from 'react';
import { useMessages } from '../i18n/messages.tsx';
import { Menu } from '../parts/menu.tsx';

interface PauseMenuProps {
  readonly trigger: ReactElement;
  /** Minutes; null: until resumed. */
  readonly onPause: (minutes: number | null) => void;
}

/** For how long. */
export function PauseMenu({ trigger, onPause }: PauseMenuProps) {
  const t = useMessages();
  return (
    <Menu
      trigger={trigger}
      entries={[
        { label: t.home.pauseQuarter, onChoose: () => onPause(15) },
        { label: t.home.pauseHour, onChoose: () => onPause(60) },
        { label: t.home.pauseOpen, onChoose: () => onPause(null) },
      ]}
    />
  );
}
