import type { Target } from '../target.ts';
import { borderTargets } from './borders.ts';
import { formatTargets } from './formats.ts';
import { historyTargets } from './histories.ts';
import { serverTarget } from './server.ts';
import { storedTargets } from './stored.ts';

export const allTargets = (): readonly Target[] => [
  ...formatTargets,
  ...historyTargets(),
  ...borderTargets(),
  ...storedTargets(),
  serverTarget(),
];
