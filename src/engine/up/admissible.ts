import type { NodeId } from '../../common/ids.ts';
import type { IndexReader } from '../../db/index-port.ts';
import type { UpOperation } from '../../plan/plan.ts';
import type { Draft } from '../../vault/split-operations.ts';
import { overlayTree } from '../../vault/tree-overlay.ts';
import { applyOperations } from '../../vault/tree-rules.ts';
import type { Stamp, VaultTree, VaultTreeReader } from '../../vault/vault-tree.ts';

interface Item {
  readonly planned: UpOperation;
  readonly draft: Draft;
}

/**
 * Those of these operations that, in order and on top of `vault`, do exactly what was planned: none that
 * the log would take for void, no delete of more or less than the plan meant, and no exchange of names without its end,
 * which may be among those that come `later`. The others are planned anew.
 */
export function admissible<T extends Item>(
  read: Pick<IndexReader, 'local'>,
  vault: VaultTreeReader,
  items: readonly T[],
  stamp: Stamp,
  later: readonly Item[] = [],
): readonly T[] {
  for (let rest = items; ; ) {
    const possible = withoutVoid(read, vault, rest, stamp);
    const ending = new Set([...possible, ...later].filter((each) => !isStep(each)).map(({ planned }) => planned.node));
    const whole = possible.filter((each) => !isStep(each) || ending.has(each.planned.node));
    if (whole.length === possible.length) return whole;
    rest = whole;
  }
}

/** Nobody should be left under a temporary name: if the node is gone from here by then, nothing says where it belongs. */
const isStep = ({ planned }: Item): boolean => planned.rule === 'swap-by-way-of-a-temporary-name';

function withoutVoid<T extends Item>(
  read: Pick<IndexReader, 'local'>,
  vault: VaultTreeReader,
  items: readonly T[],
  stamp: Stamp,
): T[] {
  const tree = overlayTree(vault);
  return items.filter(({ planned, draft }) => {
    if (planned.type === 'up-delete' && !isAsPlanned(read, tree, planned.node, planned.nodes)) return false;
    return applyOperations(tree, [draft.operation], stamp).every((applied) => applied.status === 'applied');
  });
}

/** As many live nodes as planned, and none of them on this device: the log deletes all that it finds. */
function isAsPlanned(read: Pick<IndexReader, 'local'>, tree: VaultTree, top: NodeId, nodes: number): boolean {
  const stack = [top];
  let count = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (++count > nodes || read.local(node) !== null) return false;
    for (const child of tree.liveChildren(node)) stack.push(child);
  }
  return count === nodes;
}
