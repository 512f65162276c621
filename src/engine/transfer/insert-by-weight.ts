/** Puts an item behind all that are no heavier: mostly that is the end. */
export function insertByWeight<T extends { readonly weight: number }>(queue: T[], item: T): void {
  let at = queue.length;
  while (at > 0 && (queue[at - 1] as T).weight > item.weight) at--;
  queue.splice(at, 0, item);
}
