import { HoldfastError } from '../common/errors.ts';
import { isId, type NodeId, type RevisionId } from '../common/ids.ts';
import type { AppliedOperation } from '../vault/tree-rules.ts';

/** A node as it was before a change: enough to bring it back there. */
export interface FormerNode {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly name: string;
  readonly revision: RevisionId | null;
}

/** One change of a batch, for activity and undo. */
export type BatchChange =
  | { readonly what: 'create'; readonly node: NodeId }
  | { readonly what: 'place' | 'revise' | 'restore'; readonly node: NodeId; readonly before: FormerNode }
  /** The topmost node first, then what was below it. */
  | { readonly what: 'delete'; readonly node: NodeId; readonly before: readonly FormerNode[] };

const former = (node: {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly name: string;
  readonly revision: RevisionId | null;
}): FormerNode => ({ node: node.id, parent: node.parent, name: node.name, revision: node.revision });

/** What the applied operations of an entry changed; void and administrative ones change nothing that a person sees. */
export function batchChanges(applied: readonly AppliedOperation[]): BatchChange[] {
  const changes: BatchChange[] = [];
  for (const each of applied) {
    if (each.status === 'void') continue;
    const { operation, before } = each;
    switch (operation.type) {
      case 'create-folder':
      case 'create-file':
        changes.push({ what: 'create', node: operation.node });
        break;
      case 'delete':
        changes.push({ what: 'delete', node: operation.node, before: before.map(former) });
        break;
      case 'place':
      case 'revise':
      case 'restore': {
        const [node] = before;
        if (node !== undefined) changes.push({ what: operation.type, node: operation.node, before: former(node) });
        break;
      }
      default:
        break;
    }
  }
  return changes;
}

/** Creates are by far the most: their ids alone, joined. */
interface Stored {
  readonly creates: string;
  readonly others: readonly BatchChange[];
}

export function encodeChanges(changes: readonly BatchChange[]): Uint8Array {
  let creates = '';
  const others: BatchChange[] = [];
  for (const change of changes) {
    if (change.what === 'create') creates += change.node;
    else others.push(change);
  }
  return new TextEncoder().encode(JSON.stringify({ creates, others } satisfies Stored));
}

/** Creates first, in order, then the other changes in order: undoing goes backwards. Throws `corrupt`. */
export function decodeChanges(bytes: Uint8Array): BatchChange[] {
  const stored = parseStored(bytes);
  const creates: BatchChange[] = [];
  for (let at = 0; at + 32 <= stored.creates.length; at += 32) {
    const node = stored.creates.slice(at, at + 32);
    if (isId(node)) creates.push({ what: 'create', node: node as NodeId });
  }
  return [...creates, ...stored.others];
}

function parseStored(bytes: Uint8Array): Stored {
  try {
    const { creates, others } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Stored>;
    if (typeof creates === 'string' && Array.isArray(others)) return { creates, others };
  } catch {
    // What is no JSON is damaged as well.
  }
  throw new HoldfastError('corrupt', 'What was noted of a change cannot be read.');
}
