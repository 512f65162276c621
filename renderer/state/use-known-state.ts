import type { HomeState } from '../../src/rpc/home-report.ts';
import { useLine } from './line.ts';

/** What may be shown of something: nothing is claimed while nobody answers. */
export type ShownState = HomeState | 'unknown';

/** A state as far as it is known by now. */
export const useKnownState = (last: HomeState): ShownState => (useLine() ? last : 'unknown');
