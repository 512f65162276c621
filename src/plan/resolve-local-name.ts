import { localKey } from '../model/local-name-rules.ts';
import type { LocalNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';
import type { PlanContext } from './context.ts';
import { isSameName } from './diverged.ts';
import { localNameFor, localSpelling } from './local-name.ts';
import type { Slots } from './slots.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/** Comes to a place on this device. */
const isArrival = (verdict: Verdict): boolean =>
  verdict.fate === 'live' && verdict.remote !== null && (verdict.local === null || verdict.placeFrom === 'remote');

/** Keeps its name on disk. One that is backing off is not said to: who wants its name waits. */
function staysHere(occupant: LocalNode, verdicts: Verdicts, context: PlanContext): boolean {
  const verdict = verdicts.get(occupant.id);
  if (verdict === undefined) return !context.isBlocked(occupant.id);
  if (verdict.fate !== 'live') return false;
  if (!isArrival(verdict)) return true;
  const rules = context.nameRules;
  return (
    verdict.parent === occupant.parent &&
    localKey(localSpelling(verdict.name, rules), rules) === localKey(occupant.name, rules)
  );
}

/**
 * Gives each node that comes to a place on this device its name on disk: the vault's, unless the file system cannot hold
 * it or takes it for a sibling's.
 */
export function resolveLocalNames(trees: Trees, verdicts: Verdicts, claims: Slots, context: PlanContext): void {
  const rules = context.nameRules;
  for (const verdict of verdicts.values()) {
    if (!isArrival(verdict)) continue;
    const isTaken = (name: string): boolean => {
      if (claims.has(verdict.parent, localKey(name, rules))) return true;
      const occupant = trees.localByName(verdict.parent, name);
      return occupant !== null && occupant.id !== verdict.node && staysHere(occupant, verdicts, context);
    };
    verdict.localName = localNameFor(verdict.name, rules, isTaken);
    claims.add(verdict.parent, localKey(verdict.localName, rules));
    const { local } = verdict;
    if (local !== null && local.parent === verdict.parent && isSameName(local.name, verdict.localName)) {
      verdict.placeFrom = 'both';
      verdict.rule = 'both-agree';
    } else if (verdict.localName !== verdict.name) {
      verdict.rule = 'name-not-possible-here';
    }
  }
}
