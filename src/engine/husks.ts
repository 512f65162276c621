import type { NodeId } from '../common/ids.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { IndexReader, IndexWriter } from '../db/index-port.ts';

/**
 * A husk is a local folder that was deleted in the vault and stays for what is never synced in it. It has no node; the
 * index knows it by the nearest folder above that has one, and the names from there on, joined by `/`.
 */

/** A husk in which nothing is left: it may go. */
export interface BareHusk {
  readonly parent: NodeId;
  readonly name: string;
  readonly path: RelativePath;
}

/** The husk `name` in `parent` is the folder `node` from now on, and what it held of husks belongs to that. */
export function moveHusks(
  read: Pick<IndexReader, 'husksOf'>,
  write: Pick<IndexWriter, 'addHusk' | 'removeHusk'>,
  parent: NodeId,
  name: string,
  node: NodeId,
): void {
  for (const husk of read.husksOf(parent)) {
    if (husk !== name && !husk.startsWith(`${name}/`)) continue;
    write.removeHusk(parent, husk);
    if (husk !== name) write.addHusk(node, husk.slice(name.length + 1));
  }
}

/** The husk `name` in `parent` is gone from the disk. */
export function forgetHusk(
  read: Pick<IndexReader, 'husksOf'>,
  write: Pick<IndexWriter, 'removeHusk'>,
  parent: NodeId,
  name: string,
): void {
  for (const husk of read.husksOf(parent)) {
    if (husk === name || husk.startsWith(`${name}/`)) write.removeHusk(parent, husk);
  }
}
