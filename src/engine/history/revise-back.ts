import { type NodeId, newId, type ObjectId, type RevisionId } from '../../common/ids.ts';
import type { IndexWriter } from '../../db/index-port.ts';
import type { Manifest } from '../../model/manifest.ts';
import { packManifest } from '../../vault/manifest-pages.ts';
import { retainedOf } from '../../vault/object-lists.ts';
import type { Draft } from '../../vault/split-operations.ts';
import type { CycleContext } from '../cycle-context.ts';
import { manifestChunks } from '../transfer/manifest-chunks.ts';
import { keptRevision } from './find-file.ts';

/** An older content on its way to be the current one again. */
export interface RevisedBack {
  readonly revision: RevisionId;
  readonly draft: Draft;
  /** For the transaction that applies the entry: what the index knows of the older content holds for the new one. */
  remember(write: IndexWriter): void;
}

/**
 * Makes a new revision of `node` with the chunks, time and exec bit of a kept one. Nothing is uploaded but pages, which
 * name their revision. Throws `missing`.
 */
export async function reviseBack(
  { local, content }: Pick<CycleContext, 'local' | 'content'>,
  node: NodeId,
  old: RevisionId,
): Promise<RevisedBack> {
  const { read } = local.index;
  const manifest = content.crypto.openManifest(old, keptRevision(read, node, old).manifest);
  const chunks = await manifestChunks(manifest, content);
  const revision = newId<RevisionId>(local.random);
  const { mtimeUs, exec } = manifest;
  const packed = packManifest({ node, revision, mtimeUs, exec, chunks }, local.random);
  await Promise.all(packed.pages.map((page) => content.store.storePage(page)));
  const objects = [...chunks, ...packed.pages].map((ref) => ref.objectId);
  return {
    revision,
    draft: draftOf(packed.manifest, objects),
    remember(write) {
      write.setChunksReferenced(objects, true);
      const known = [...read.chunksOfRevision(old)];
      if (known.length === chunks.length && known.length > 1) {
        write.setRevisionChunks(
          revision,
          known.map((chunk) => chunk.hash),
        );
      }
    },
  };
}

/** Everything is retained again: another device may just have released it with the older revision. */
const draftOf = (manifest: Manifest, objects: readonly ObjectId[]): Draft => ({
  operation: { type: 'revise', node: manifest.node, manifest },
  retained: retainedOf(objects, () => false),
  released: [],
});
