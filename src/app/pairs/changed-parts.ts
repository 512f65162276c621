import type { PairId } from '../../common/ids.ts';
import type { ChangedPart, HomeStatus, RpcEvent } from '../../rpc/home-report.ts';

type PairStatus = HomeStatus['pairs'][number];
type Changed = Extract<RpcEvent, { type: 'changed' }>;

/** What of the lists may have changed between two states, as events: one for each pair and one for the whole. */
export function changedParts(before: HomeStatus, after: HomeStatus): Changed[] {
  const known = new Map(before.pairs.map((pair) => [pair.pair, pair]));
  const events: Changed[] = [];
  const isSameSet = before.pairs.length === after.pairs.length && after.pairs.every(({ pair }) => known.has(pair));
  if (!isSameSet || before.account?.account !== after.account?.account) {
    events.push(event(['pairs', 'issues', 'activity'], null));
  }
  for (const pair of after.pairs) {
    const former = known.get(pair.pair);
    const parts = former === undefined ? [] : partsOf(former, pair);
    if (parts.length > 0) events.push(event(parts, pair.pair));
  }
  return events;
}

function partsOf(before: PairStatus, after: PairStatus): ChangedPart[] {
  const parts: ChangedPart[] = [];
  const pause = ({ state, pausedUntil }: PairStatus) => `${state === 'paused'} ${pausedUntil}`;
  if (pause(before) !== pause(after)) parts.push('pairs');
  // Issues may also take each other's place without a change of their number: then the state's sentence differs.
  const issues = ({ issues, held, state, message }: PairStatus) => `${issues} ${held} ${state} ${message}`;
  if (issues(before) !== issues(after)) parts.push('issues');
  if (before.seq !== after.seq || before.files !== after.files || before.folders !== after.folders)
    parts.push('activity');
  return parts;
}

const event = (parts: ChangedPart[], pair: PairId | null): Changed => ({ type: 'changed', parts, pair });
