import { differences } from '../data/differences.ts';
import { addCosts, type Cost, measure } from '../measure/measure.ts';
import type { Contestant, Place } from '../peers/peer.ts';
import type { Volume } from '../volume.ts';
import type { Turn } from './workload.ts';

/**
 * Carries what the first device holds to the server, then to the second device, and records both and their sum
 * (`across`); straight across for those without a server. With `isUpOnly` the second device is left as it is. Where what
 * arrived differs it throws and records nothing: who leaves something out is not fast.
 */
export async function carry(
  turn: Turn,
  volume: Volume,
  contestant: Contestant,
  place: Place,
  workload: string,
  { isUpOnly = false } = {},
): Promise<void> {
  const costs = await carryOnce(contestant, place, isUpOnly);
  if (!isUpOnly) checkEqual(turn, place);
  for (const [step, cost] of costs) turn.record(`${workload} ${step}`, volume, cost);
}

/** The same without recording: the costs by step. */
export async function carryOnce(
  { tools, up, down, across }: Contestant,
  { root }: Place,
  isUpOnly: boolean,
): Promise<Map<string, Cost>> {
  const costs = new Map<string, Cost>();
  if (across !== null) costs.set('across', await measure(tools, root, across));
  if (up !== null) costs.set('up', await measure(tools, root, up));
  if (down !== null && !isUpOnly) costs.set('down', await measure(tools, root, down));
  const [one, two] = [costs.get('up'), costs.get('down')];
  if (one !== undefined && two !== undefined) costs.set('across', addCosts(one, two));
  return costs;
}

/** What arrived has to be what was there. */
export function checkEqual({ peer }: Turn, { folders: [a, b] }: Place): void {
  const found = differences(a, b);
  if (found.length > 0) throw new Error(`${peer.name} left differences: ${found.join(', ')}`);
}
