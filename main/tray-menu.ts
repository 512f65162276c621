import { basename } from 'node:path';
import { printable } from '../src/common/printable.ts';
import type { HomeStatus } from '../src/rpc/home-report.ts';
import { isAllPaused } from '../src/rpc/is-all-paused.ts';
import { statusLine } from './tray-state.ts';
import type { Words } from './words.ts';

/** What the menu does; each is one click. */
export interface TrayActions {
  open(page: '' | 'issues' | 'settings'): void;
  showFolder(pair: string): void;
  syncNow(): void;
  pause(minutes: number | null): void;
  resume(): void;
  quit(): void;
}

/** As Electron's menu template has it, as far as it is used. */
export type MenuItem =
  | { readonly type: 'separator' }
  | {
      readonly label: string;
      /** Tells apart what has one label. */
      readonly id?: string;
      readonly enabled?: boolean;
      readonly click?: () => void;
      readonly submenu?: MenuItem[];
    };

/** The tray's menu for a state of the device; null: the engine is not running. */
export function trayMenu(status: HomeStatus | null, words: Words, act: TrayActions): MenuItem[] {
  const pairs = status?.pairs ?? [];
  const hasPairs = pairs.length > 0;
  const isPaused = isAllPaused(pairs);
  const issues = pairs.reduce((sum, pair) => sum + pair.issues, 0);
  return [
    { label: statusLine(status, words), enabled: false },
    { type: 'separator' },
    { label: words.open, click: () => act.open('') },
    {
      label: words.openFolder,
      enabled: hasPairs,
      submenu: pairs.map(({ pair, folder }) => ({
        id: pair,
        label: asLabel(basename(folder)),
        click: () => act.showFolder(pair),
      })),
    },
    { type: 'separator' },
    { label: words.syncNow, enabled: hasPairs && !isPaused, click: () => act.syncNow() },
    isPaused
      ? { label: words.resume, click: () => act.resume() }
      : {
          label: words.pause,
          enabled: hasPairs,
          submenu: [
            { label: words.pauseQuarter, click: () => act.pause(15) },
            { label: words.pauseHour, click: () => act.pause(60) },
            { label: words.pauseOpen, click: () => act.pause(null) },
          ],
        },
    { type: 'separator' },
    { label: words.issues(issues), enabled: status !== null, click: () => act.open('issues') },
    { label: words.settings, click: () => act.open('settings') },
    { type: 'separator' },
    { label: words.quit, click: () => act.quit() },
  ];
}

/** A name as it is: in a label an ampersand makes the letter behind it a key. */
const asLabel = (name: string): string => printable(name).replaceAll('&', '&&');
