import { type NodeId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { MemoryTrees } from '../../fakes/memory-trees.ts';

const short = (id: NodeId): string => (id === rootNode ? '' : id.slice(0, 2));

/** The three trees as a table that a person can read: a line a node, with its place and content on each side. */
export function describeTrees(trees: MemoryTrees, textOf: (revision: RevisionId) => string): string {
  const cell = (
    row: { parent: NodeId; name: string; kind: string; revision: RevisionId | null; localName?: string } | null,
  ): string => {
    if (row === null) return '–';
    const name = row.name.length > 20 ? `${row.name.slice(0, 8)}…(${row.name.length})` : row.name;
    const local = row.localName !== undefined && row.localName !== row.name ? ` [here ${row.localName}]` : '';
    const content = row.revision === null ? '' : `=${textOf(row.revision)}@${row.revision.slice(0, 2)}`;
    return `${short(row.parent)}/${name}${row.kind === 'folder' ? '/' : ''}${content}${local}`;
  };
  const ids = trees.ids().sort();
  const lines = ids.map((id) => {
    const remote = trees.remote(id) === null && trees.isTombstone(id) ? '†' : cell(trees.remote(id));
    const differs = trees.local(id)?.differsFrom == null ? '' : ' (≠)';
    return [short(id), cell(trees.local(id)) + differs, remote, cell(trees.synced(id))];
  });
  const head = ['node', 'here', 'vault', 'base'];
  const disk = trees.rules.isWindows ? 'Windows' : trees.rules.isCaseSensitive ? 'Linux' : 'macOS';
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const table = [head, ...lines].map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`disk: ${disk}`, ...table].join('\n');
}
