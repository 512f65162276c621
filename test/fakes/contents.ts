import type { NodeId, RevisionId } from '../../src/common/ids.ts';

/** What the executor knows and the planner does not. */
export interface Contents {
  /** The bytes of a revision. */
  of(revision: RevisionId): string;
  /** For the conflict copy of `node`. */
  freshId(node: NodeId): NodeId;
  /** Of a content that a scan finds and cannot tell from a new one. */
  freshRevision(text: string): RevisionId;
}
