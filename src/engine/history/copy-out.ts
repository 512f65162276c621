import { HoldfastError } from '../../common/errors.ts';
import type { NodeId, RevisionId } from '../../common/ids.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { CycleContext } from '../cycle-context.ts';
import { manifestChunks } from '../transfer/manifest-chunks.ts';
import { findFile, keptRevision } from './find-file.ts';

/** Takes the pieces of a content in order. */
export type ContentSink = (plain: Uint8Array) => Promise<void>;

/** What was copied, for naming and dating the copy. */
export interface CopiedContent {
  readonly name: string;
  readonly size: number;
  readonly mtimeUs: number;
}

export interface WantedContent {
  readonly name: string;
  readonly manifest: Manifest;
}

/** A kept revision (null: the current or last one) of a file, chosen as `findNode` says. Throws `missing`, `usage`. */
export function findContent(
  { local, content }: Pick<CycleContext, 'local' | 'content'>,
  path: string,
  { revision, node: chosen }: { readonly revision: RevisionId | null; readonly node: NodeId | null },
): WantedContent {
  const { read } = local.index;
  const node = findFile(read, path, chosen, () => new HoldfastError('usage', 'Only files can be copied out.'));
  const kept = keptRevision(read, node.id, revision ?? node.revision);
  return { name: node.name, manifest: content.crypto.openManifest(kept.revision, kept.manifest) };
}

/** Fetches a content piece by piece; each is checked against its pinned hash and opened before the sink sees it. */
export async function copyOut(
  { content, signal }: Pick<CycleContext, 'content' | 'signal'>,
  { name, manifest }: WantedContent,
  sink: ContentSink,
): Promise<CopiedContent> {
  const { crypto, memoryDown, sourceAside: source } = content;
  for (const chunk of await manifestChunks(manifest, { crypto, source })) {
    signal.throwIfAborted();
    const size = crypto.sealedLength(chunk.plainLength);
    const release = await memoryDown.acquire(size + chunk.plainLength);
    try {
      await sink(await crypto.openChunk(chunk, await source.fetch(chunk.objectId, size)));
    } finally {
      release();
    }
  }
  return { name, size: manifest.size, mtimeUs: manifest.mtimeUs };
}
