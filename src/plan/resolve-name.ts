import type { NodeId } from '../common/ids.ts';
import { nameKey } from '../common/name.ts';
import { localKey } from '../model/local-name-rules.ts';
import type { Trees } from '../model/trees.ts';
import { conflictName } from './conflict-name.ts';
import type { PlanContext } from './context.ts';
import { isDiverged, isSameName } from './diverged.ts';
import type { Slots } from './slots.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/** Its place in the vault is still to be taken. */
const isArrival = (verdict: Verdict): boolean =>
  verdict.fate === 'live' &&
  verdict.local !== null &&
  (verdict.remote === null ||
    verdict.remote.parent !== verdict.parent ||
    !isSameName(verdict.remote.name, verdict.name));

/**
 * The vault's node keeps this slot. One that backs off from a change of its own is not said to: who wants its name waits.
 * One that is in step keeps it whatever blocks it: what is ignored stays so for good.
 */
function staysInVault(trees: Trees, node: NodeId, verdicts: Verdicts, context: PlanContext): boolean {
  const verdict = verdicts.get(node);
  if (verdict === undefined) {
    return !context.isBlocked(node) || !isDiverged(trees.local(node), trees.remote(node), trees.synced(node));
  }
  if (verdict.fate !== 'live' && verdict.fate !== 'set-aside') return false;
  return !isArrival({ ...verdict, fate: 'live' });
}

/**
 * Two nodes for one name in the vault: who is there and stays keeps it, else the one with a base, else the lower id. The
 * other one, which is always on this device, steps aside locally and goes up under its new name in the next round.
 */
export function resolveNames(trees: Trees, verdicts: Verdicts, claims: Slots, context: PlanContext): void {
  const arrivals = [...verdicts.values()].filter(isArrival);
  const withBase = arrivals.filter((verdict) => verdict.synced !== null);
  const without = arrivals.filter((verdict) => verdict.synced === null);
  const claimed = new Set<string>();
  const losers: Verdict[] = [];
  for (const verdict of [...withBase, ...without]) {
    const slot = `${verdict.parent}/${nameKey(verdict.name)}`;
    const holder = trees.remoteByName(verdict.parent, verdict.name);
    const isHeld = holder !== null && holder.id !== verdict.node && staysInVault(trees, holder.id, verdicts, context);
    if (isHeld || claimed.has(slot)) losers.push(verdict);
    else claimed.add(slot);
  }
  for (const verdict of losers) {
    const { local } = verdict;
    if (local === null) continue;
    const isTaken = (name: string): boolean =>
      claims.has(local.parent, localKey(name, context.nameRules)) ||
      claimed.has(`${verdict.parent}/${nameKey(name)}`) ||
      trees.localByName(local.parent, name) !== null ||
      trees.remoteByName(verdict.parent, name) !== null;
    verdict.fate = 'set-aside';
    verdict.rule = 'name-taken';
    verdict.localName = conflictName(verdict.name, context.deviceName, local.mtimeUs, isTaken, context.nameRules);
    claims.add(local.parent, localKey(verdict.localName, context.nameRules));
  }
}
