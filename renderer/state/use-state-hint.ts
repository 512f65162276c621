import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { untoldTrouble } from './untold-trouble.ts';
import { useKnownState } from './use-known-state.ts';

/** What the state over all folders means for the person, in a sentence. */
export function useStateHint(status: HomeStatus): string {
  const t = useMessages();
  const phrase = usePhrase();
  const state = useKnownState(status.state);
  const untold = state === 'needs-attention' && status.pairs.every(({ issues, held }) => issues + held === 0);
  const trouble = untold ? status.pairs.map(untoldTrouble).find((each) => each !== null) : undefined;
  if (state === 'paused' && status.pairs.some((pair) => pair.state !== 'paused')) return t.stateHint.somePaused;
  return trouble === undefined ? t.stateHint[state] : phrase(trouble);
}
