import type { NodeId } from '../common/ids.ts';

const prefix = '.~';
const shortest = 8;

/** Where a node waits in the vault while names are exchanged: `.~` and as much of its id as makes the name free. */
export function temporaryName(node: NodeId, taken: (name: string) => boolean): string {
  for (let length = shortest; length <= node.length; length += 4) {
    const name = prefix + node.slice(0, length);
    if (!taken(name)) return name;
  }
  let name = prefix + node;
  while (taken(name)) name += '~';
  return name;
}

/** Whether the node waits there for the rest of an exchange that was cut short: its place means nothing then. */
export const isTemporaryName = (name: string, node: NodeId): boolean =>
  name.startsWith(prefix) && name.length >= prefix.length + shortest && node.startsWith(name.slice(prefix.length));
