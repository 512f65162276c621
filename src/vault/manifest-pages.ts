import { isEqual } from '../common/bytes.ts';
import { idBytes, type Random } from '../common/ids.ts';
import { type Cbor, encodeCbor } from '../crypto/cbor.ts';
import { type SealedChunk, sealChunk } from '../crypto/chunk.ts';
import { wipe } from '../crypto/constant-time.ts';
import { notAuthentic, overLimit } from '../crypto/failure.ts';
import { arrayOf, bytesOf, countOf, decodeStructure } from '../crypto/fields.ts';
import { suite } from '../crypto/labels.ts';
import type { ChunkRef, Manifest } from '../model/manifest.ts';
import { hasUsableLength, parseRef, refFields } from './chunk-ref-codec.ts';
import { isConsistent, maxDirectRefs, pageCount, refsPerPage } from './manifest-codec.ts';

/** A revision whose chunks are sealed and known. */
export interface WholeManifest extends Omit<Manifest, 'content' | 'size'> {
  readonly chunks: readonly ChunkRef[];
}

const maxChunks = maxDirectRefs * refsPerPage * refsPerPage;
const maxPageLength = 4 * 1024 * 1024;

/** The manifest of a content, and the pages to upload before it: none for up to 16 chunks (FORMAT.md 6). */
export function packManifest(
  whole: WholeManifest,
  random: Random,
): { readonly manifest: Manifest; readonly pages: readonly SealedChunk[] } {
  const { chunks, ...rest } = whole;
  const size = chunks.reduce((sum, chunk) => sum + chunk.plainLength, 0);
  if (chunks.length <= maxDirectRefs) {
    return { manifest: { ...rest, size, content: { kind: 'chunks', chunks } }, pages: [] };
  }
  if (chunks.length > maxChunks) throw overLimit();
  const first = sealPages(whole, 1, chunks, random);
  const second = first.length <= maxDirectRefs ? [] : sealPages(whole, 2, first.map(toRef), random);
  const top = second.length > 0 ? second : first;
  return {
    manifest: { ...rest, size, content: { kind: 'pages', pages: top.map(toRef), chunkCount: chunks.length } },
    pages: [...first, ...second],
  };
}

const toRef = ({ objectId, secret, hash, plainLength }: SealedChunk): ChunkRef => ({
  objectId,
  secret,
  hash,
  plainLength,
});

function sealPages(whole: WholeManifest, level: number, refs: readonly ChunkRef[], random: Random): SealedChunk[] {
  const pages: SealedChunk[] = [];
  for (let at = 0; at < refs.length; at += refsPerPage) {
    const fields: Cbor = [
      'manifest-page',
      suite,
      idBytes(whole.node),
      idBytes(whole.revision),
      level,
      pages.length,
      refs.slice(at, at + refsPerPage).map(refFields),
    ];
    const plain = encodeCbor(fields);
    pages.push(sealChunk(plain, random, 'manifest-page'));
    wipe(plain);
  }
  return pages;
}

/** What a content is made of: chunks in order, and all pages that list them, on both levels. */
export interface ReadContent {
  readonly chunks: readonly ChunkRef[];
  readonly pages: readonly ChunkRef[];
}

/**
 * All chunks of a manifest, checked (F-MAN-1…3). `openPage`: the plaintext of a page, fetched and opened as `manifest-page`;
 * asked for one after the other. Throws E_AUTH (of this file alone), E_DOWNGRADE, E_LIMIT, or what `openPage` throws.
 */
export async function readPages(
  manifest: Manifest,
  openPage: (page: ChunkRef) => Promise<Uint8Array>,
): Promise<ReadContent> {
  const { content } = manifest;
  if (!isConsistent(manifest)) throw notAuthentic();
  if (content.kind === 'chunks') return { chunks: content.chunks, pages: [] };
  const pages: ChunkRef[] = [...content.pages];
  const readLevel = async (level: number, refs: readonly ChunkRef[], total: number): Promise<ChunkRef[]> => {
    const found: ChunkRef[] = [];
    for (const [index, ref] of refs.entries()) {
      const expected = index + 1 < refs.length ? refsPerPage : total - index * refsPerPage;
      for (const item of parsePage(manifest, level, index, expected, await openPage(ref))) found.push(item);
    }
    return found;
  };
  let first: readonly ChunkRef[] = content.pages;
  const firstCount = Math.ceil(content.chunkCount / refsPerPage);
  if (pageCount(content.chunkCount) !== firstCount) {
    first = await readLevel(2, content.pages, firstCount);
    pages.push(...first);
  }
  const chunks = await readLevel(1, first, content.chunkCount);
  if (chunks.reduce((sum, chunk) => sum + chunk.plainLength, 0) !== manifest.size) throw notAuthentic();
  return { chunks, pages };
}

function parsePage(manifest: Manifest, level: number, index: number, expected: number, plain: Uint8Array): ChunkRef[] {
  const fields = decodeStructure(plain, 'manifest-page', 7, maxPageLength);
  const isPlaced =
    isEqual(bytesOf(fields[2]), idBytes(manifest.node)) &&
    isEqual(bytesOf(fields[3]), idBytes(manifest.revision)) &&
    countOf(fields[4]) === level &&
    countOf(fields[5]) === index;
  const items = arrayOf(fields[6]);
  if (!isPlaced || items.length !== expected) throw notAuthentic();
  const refs = items.map(parseRef);
  if (!refs.every(hasUsableLength)) throw notAuthentic();
  return refs;
}
