/** The order of a round: every second one is the one before turned around, and then another contestant begins. */
export function inTurn<T>(list: readonly T[], round: number): readonly T[] {
  const at = list.length === 0 ? 0 : Math.floor(round / 2) % list.length;
  const order = [...list.slice(at), ...list.slice(0, at)];
  return round % 2 === 0 ? order : order.toReversed();
}
