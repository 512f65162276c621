import type { PairInfo } from '../rpc/home-report.ts';
import { timeText } from './format.ts';

/** `paused`, and until when if it ends by itself. */
export const pausedText = ({ pausedUntil }: Pick<PairInfo, 'pausedUntil'>): string =>
  pausedUntil === null ? 'paused' : `paused until ${timeText(pausedUntil)}`;
