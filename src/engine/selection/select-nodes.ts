import { HoldfastError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import type { DeselectedNode } from '../../model/status.ts';
import { assertNotFrozen } from '../../vault/freeze.ts';
import type { CycleContext } from '../cycle-context.ts';
import { vaultNames } from '../history/find-deleted.ts';
import { lastPath } from '../history/last-path.ts';
import { remoteNodeAt, vaultPath } from '../local-path.ts';
import { putAway } from './put-away.ts';

/**
 * Takes what the vault has at `path` off this device, or back to it; other devices and the vault see nothing of that. Both
 * sides were observed just before. Throws `missing`, `usage` for the root and for what lies in a deselected folder, or the
 * stop of a frozen vault.
 */
export async function chooseNode(context: CycleContext, path: string, isSelected: boolean): Promise<void> {
  const { selection, local } = context;
  const { read } = local.index;
  // Whether the vault still holds what would go from here, nobody can say.
  assertNotFrozen(context.log.position);
  const found = remoteNodeAt(read, path);
  if (found === 'root') {
    throw new HoldfastError('usage', 'The folder as a whole is always selected.', {
      hint: 'To stop syncing it on this device, remove the pair.',
    });
  }
  // Of what was deleted elsewhere meanwhile something may still be here, also where the vault has something else by now.
  const named = listDeselected(context).find((each) => each.path === vaultNames(path).join('/'))?.node;
  const node = isSelected ? (named ?? found?.id) : (found?.id ?? named);
  if (node === undefined) throw new HoldfastError('missing', `There is no ${path} in the vault.`);
  const above = selection.deselectedAbove(read, node);
  if (isSelected === (above === null)) return;
  if (!isSelected) {
    for (const below of selection.deselected) if (isBelow(context, below, node)) await selection.select(below);
    await selection.deselect(node);
    selection.follow(read);
    await putAwayWhole(context);
  } else if (above === node) {
    // What the person removed there meanwhile is no deletion.
    await putAwayWhole(context);
    await selection.select(node);
    context.leftOut.forget();
  } else {
    const folder = above === null ? path : (vaultPath(read, above) ?? path);
    throw new HoldfastError('usage', `${path} is in ${folder}, which is not selected.`, {
      hint: `Select ${folder} first.`,
    });
  }
}

/** Also in a pair that is paused: this is what the person asks for. */
async function putAwayWhole(context: CycleContext): Promise<void> {
  const { signal } = context;
  await putAway(context, () => signal.aborted);
  signal.throwIfAborted();
}

function isBelow({ local }: CycleContext, node: NodeId, folder: NodeId): boolean {
  const { read } = local.index;
  for (let at = read.remote(node)?.parent; at !== undefined; at = read.remote(at)?.parent)
    if (at === folder) return true;
  return false;
}

/** What is not selected on this device, as far as the vault still has it, or something of it is still here. */
export function listDeselected({ selection, local }: CycleContext): readonly DeselectedNode[] {
  const { read } = local.index;
  return [...selection.deselected].flatMap((node) => {
    const row = read.remote(node) ?? read.local(node);
    const path = row === null ? null : lastPath(read, node);
    return row === null || path === null ? [] : [{ node, path, kind: row.kind }];
  });
}
