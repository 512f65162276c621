import type { SettleOperation } from './plan.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/** What one verdict asks of the synced tree alone. */
function settleOperation(verdict: Verdict): SettleOperation | null {
  const { node, content } = verdict;
  if (verdict.fate === 'forget') return { type: 'forget', node, rule: verdict.rule };
  if (content.type === 'compare') {
    return { type: 'compare', node, with: node, revision: content.revision, rule: content.rule };
  }
  if (verdict.fate !== 'live' || verdict.local === null || verdict.remote === null) return null;
  if (verdict.placeFrom !== 'both' || (content.type !== 'none' && content.type !== 'agreed')) return null;
  return { type: 'settle', node, rule: verdict.rule };
}

export const planSettle = (verdicts: Verdicts): readonly SettleOperation[] =>
  [...verdicts.values()].flatMap((verdict) => settleOperation(verdict) ?? []);
