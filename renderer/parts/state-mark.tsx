import {
  CircleCheck,
  CloudOff,
  FolderX,
  LogOut,
  Pause,
  RefreshCw,
  ScanSearch,
  ShieldAlert,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { ShownState } from '../state/use-known-state.ts';
import { classes } from './classes.ts';
import css from './state-mark.module.css';

type Tone = 'good' | 'busy' | 'calm' | 'warn' | 'bad';

const marks: Readonly<Record<ShownState, readonly [icon: typeof Pause, tone: Tone]>> = {
  'signed-out': [LogOut, 'calm'],
  'no-folders': [FolderX, 'calm'],
  frozen: [ShieldAlert, 'bad'],
  'root-missing': [FolderX, 'warn'],
  paused: [Pause, 'calm'],
  offline: [CloudOff, 'calm'],
  'needs-attention': [TriangleAlert, 'warn'],
  scanning: [ScanSearch, 'busy'],
  syncing: [RefreshCw, 'busy'],
  'up-to-date': [CircleCheck, 'good'],
  unknown: [Unplug, 'calm'],
};

/** A state as a picture; the word stands beside it. */
export function StateMark({ state, isLarge = false }: { readonly state: ShownState; readonly isLarge?: boolean }) {
  const [Icon, tone] = marks[state];
  return (
    <span className={classes(css.mark, css[tone], isLarge && css.large)} data-state={state} aria-hidden="true">
      <Icon className={state === 'syncing' ? css.turning : undefined} />
    </span>
  );
}
