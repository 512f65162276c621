import type { NodeId } from '../common/ids.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { Trees } from '../model/trees.ts';
import { withNamesakes } from './namesakes.ts';
import { withNewFolders } from './new-folders.ts';

/** `nodes`, and all that a plan for this part of the diverged nodes has to judge with them. */
export function plannedTogether(trees: Trees, nodes: Iterable<NodeId>, rules: LocalNameRules): ReadonlySet<NodeId> {
  const withFolders = (some: Iterable<NodeId>): ReadonlySet<NodeId> => withNewFolders(trees, some);
  for (let all = withFolders(nodes); ; ) {
    const wider = withNamesakes(trees, all, rules);
    if (wider.size === all.size) return wider;
    all = withFolders(wider);
  }
}
