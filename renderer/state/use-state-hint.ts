import type { HomeStatus } from '../../src/rpc/home-report.ts';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { untoldTrouble } from './untold-trouble.ts';
import { useKnownState } from './use-known-state.ts';

/** The state that a folder names before it is named by its mark already. */
const reason = (message: string): string => message.replace(/^Offline: /, '');

/** What the state over all folders means for the person, in a sentence. */
export function useStateHint(status: HomeStatus): string {
  const t = useMessages();
  const phrase = usePhrase();
  const state = useKnownState(status.state);
  const concerned = state === 'needs-attention' ? status.pairs.filter((pair) => pair.state === state) : [];
  const troubles = concerned.map(untoldTrouble);
  const [trouble] = troubles.includes(null) ? [] : troubles;
  if (state === 'paused' && status.pairs.some((pair) => pair.state !== 'paused')) return t.stateHint.somePaused;
  if (trouble) return phrase(trouble);
  const away = state === 'offline' ? status.pairs.find((pair) => pair.state === state) : undefined;
  return away === undefined ? t.stateHint[state] : `${phrase(reason(away.message))} ${t.stateHint[state]}`;
}
