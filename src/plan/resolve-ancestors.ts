import { type NodeId, rootNode } from '../common/ids.ts';
import { rulesFileName } from '../common/name.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/**
 * A delete keeps every folder that something that stays lives in: it comes back on the side that deleted it, and so do its
 * rules, for what they leave out was never to leave the other side.
 */
export function keepAncestors(verdicts: Verdicts): void {
  let rules: ReadonlyMap<NodeId, Verdict> | null = null;
  for (const verdict of verdicts.values()) {
    if (verdict.fate !== 'live') continue;
    for (let above = verdict.parent; above !== rootNode; ) {
      const folder = verdicts.get(above);
      if (folder?.fate !== 'delete-up' && folder?.fate !== 'delete-down') break;
      rules ??= rulesThatGo(verdicts);
      for (const kept of [folder, rules.get(above)]) {
        if (kept === undefined) continue;
        kept.fate = 'live';
        kept.rule = 'delete-keeps-ancestors';
      }
      above = folder.parent;
    }
  }
}

/** By their folder. */
function rulesThatGo(verdicts: Verdicts): ReadonlyMap<NodeId, Verdict> {
  const rules = new Map<NodeId, Verdict>();
  for (const verdict of verdicts.values()) {
    const isGoing = verdict.fate === 'delete-up' || verdict.fate === 'delete-down';
    if (isGoing && verdict.kind === 'file' && verdict.name === rulesFileName) rules.set(verdict.parent, verdict);
  }
  return rules;
}
