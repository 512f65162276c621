import { type NodeId, rootNode } from '../../common/ids.ts';
import { isWithin, type RelativePath } from '../../common/relative-path.ts';
import type { IgnoreRules } from '../../local/ignore-rules.ts';
import type { Trees } from '../../model/trees.ts';
import { expectedPath } from '../local-path.ts';

/** Keeps, outside of the index, which nodes a person does not want on this device. On the medium when `write` resolves. */
export interface SelectionStore {
  read(): readonly NodeId[];
  write(nodes: readonly NodeId[]): Promise<void>;
}

/**
 * What of the vault a device has: all but the deselected nodes, each with everything below it. They are known by id, so
 * that a move elsewhere changes nothing. At their place on disk nothing is taken up and nothing is written.
 */
export interface Selection {
  /** Deselected by name; none of them lies below another one when it is deselected, later moves may bring that about. */
  readonly deselected: ReadonlySet<NodeId>;
  deselect(node: NodeId): Promise<void>;
  select(node: NodeId): Promise<void>;
  /** By its place in the vault: the node, or a folder above it, is deselected. Gives the topmost such node. */
  deselectedAbove(trees: Pick<Trees, 'remote'>, node: NodeId): NodeId | null;
  /** Below the place that a deselected node has or would have on disk. */
  isDeselectedPath(path: RelativePath): boolean;
  /** Looks where the deselected nodes are by now; true if that is elsewhere than before. */
  follow(trees: Pick<Trees, 'local' | 'remote'>): boolean;
  /** Another number whenever they are elsewhere than before. */
  version(): number;
}

export function openSelection(store: SelectionStore): Selection {
  const deselected = new Set(store.read());
  let places: ReadonlySet<RelativePath> = new Set();
  let version = 0;

  return {
    deselected,
    // Kept before it counts: what goes from the disk for a choice that is forgotten would be a deletion.
    async deselect(node) {
      await store.write([...new Set(deselected).add(node)]);
      deselected.add(node);
    },
    async select(node) {
      if (!deselected.has(node)) return;
      await store.write([...deselected].filter((each) => each !== node));
      deselected.delete(node);
    },
    deselectedAbove(trees, node) {
      if (deselected.size === 0) return null;
      let topmost: NodeId | null = null;
      for (let at: NodeId | null = node; at !== null && at !== rootNode; at = trees.remote(at)?.parent ?? null) {
        if (deselected.has(at)) topmost = at;
      }
      return topmost;
    },
    isDeselectedPath(path) {
      for (const place of places) if (isWithin(path, place)) return true;
      return false;
    },
    follow(trees) {
      const now = new Set<RelativePath>();
      for (const node of deselected) {
        const path = expectedPath(trees, node);
        if (path !== null) now.add(path);
      }
      const isSame = now.size === places.size && [...now].every((path) => places.has(path));
      places = now;
      if (!isSame) version++;
      return !isSame;
    },
    version: () => version,
  };
}

/** The rules, and in addition nothing of what is deselected. */
export const withoutDeselected = (
  rules: IgnoreRules,
  selection: Pick<Selection, 'isDeselectedPath' | 'version'>,
): IgnoreRules => ({
  ...rules,
  isIgnored: (path, isFolder) => selection.isDeselectedPath(path) || rules.isIgnored(path, isFolder),
  version: () => rules.version() + selection.version(),
});
