import { unreachable } from '../../common/errors.ts';
import type { LocalNode, SyncedNode } from '../../model/node.ts';
import type { UpOperation } from '../../plan/plan.ts';
import { isTemporaryName } from '../../plan/temporary-name.ts';

/**
 * What both sides have agreed on of a node once `op` is in the log, over the base as it was before; `local`: the node as
 * the plan saw it.
 */
export function agreedAfter(
  op: UpOperation,
  local: LocalNode | undefined,
  before: SyncedNode | null,
): SyncedNode | null {
  switch (op.type) {
    case 'up-delete':
      return null;
    case 'up-revise':
      return before === null ? null : { ...before, revision: op.revision };
    case 'up-create-folder':
    case 'up-create-file':
    case 'up-restore':
    case 'up-place': {
      // A temporary name is nobody's wish: recorded as such, the next plan still sees where the node belongs.
      const isTemporary = isTemporaryName(op.name, op.node);
      const kind = local?.kind ?? before?.kind ?? (op.type === 'up-create-folder' ? 'folder' : 'file');
      // What comes back keeps its base; without one, the contents of both sides are yet to be compared.
      if (op.type === 'up-restore' && before === null && kind === 'file') return null;
      const revision = op.type === 'up-create-file' ? op.revision : (before?.revision ?? null);
      const localName = !isTemporary && local !== undefined && standsFor(local, before, op.name) ? local.name : op.name;
      return { id: op.node, parent: op.parent, name: op.name, localName, kind, revision };
    }
    default:
      return unreachable(op);
  }
}

/** The name on disk is the one that was meant, or the known spelling of it here; if not, the next plan has to see it. */
const standsFor = (local: LocalNode, synced: SyncedNode | null, name: string): boolean =>
  local.name === name || (synced !== null && local.name === synced.localName && name === synced.name);
