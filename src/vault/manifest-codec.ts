import { idBytes } from '../common/ids.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../crypto/cbor.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { arrayOf, booleanOf, countOf, idOf, integerOf, structureOf } from '../crypto/fields.ts';
import { suite } from '../crypto/labels.ts';
import type { ChunkRef, Content, Manifest } from '../model/manifest.ts';
import { hasUsableLength, parseRef, refFields } from './chunk-ref-codec.ts';

/** Most chunks that a manifest lists itself, and most pages. */
export const maxDirectRefs = 16;
/** Refs of a full page. */
export const refsPerPage = 4096;

/** Pages that a manifest of so many chunks lists: level 1, or level 2 above 65 536 chunks (F-MAN-1). */
export function pageCount(chunkCount: number): number {
  const first = Math.ceil(chunkCount / refsPerPage);
  return first <= maxDirectRefs ? first : Math.ceil(first / refsPerPage);
}

export function manifestFields(manifest: Manifest): Cbor {
  const { content } = manifest;
  const isPaged = content.kind === 'pages';
  return [
    'manifest',
    suite,
    idBytes(manifest.node),
    idBytes(manifest.revision),
    manifest.size,
    manifest.mtimeUs,
    manifest.exec,
    isPaged ? content.chunkCount : content.chunks.length,
    (isPaged ? content.pages : content.chunks).map(refFields),
  ];
}

/** A manifest of right shape. `isConsistent` is false if it contradicts itself (F-MAN-1, F-MAN-2): then it is not to be used. */
export interface ParsedManifest {
  readonly manifest: Manifest;
  readonly isConsistent: boolean;
}

/** Throws E_AUTH or E_DOWNGRADE. */
export function parseManifestFields(value: Cbor | undefined): ParsedManifest {
  const fields = structureOf(value, 'manifest', 9);
  const chunkCount = countOf(fields[7]);
  const refs = arrayOf(fields[8]).map(parseRef);
  const content: Content =
    chunkCount <= maxDirectRefs ? { kind: 'chunks', chunks: refs } : { kind: 'pages', pages: refs, chunkCount };
  const manifest: Manifest = {
    node: idOf(fields[2]),
    revision: idOf(fields[3]),
    size: countOf(fields[4]),
    mtimeUs: integerOf(fields[5]),
    exec: booleanOf(fields[6]),
    content,
  };
  return { manifest, isConsistent: hasDeclaredRefs(refs, chunkCount) && hasRightSum(manifest) };
}

/** Whether a manifest made here may be sent: what `parseManifestFields` would say of it. */
export function isConsistent(manifest: Manifest): boolean {
  const { content } = manifest;
  if (content.kind === 'chunks') return hasDeclaredRefs(content.chunks, content.chunks.length) && hasRightSum(manifest);
  return content.chunkCount > maxDirectRefs && hasDeclaredRefs(content.pages, content.chunkCount);
}

const hasDeclaredRefs = (refs: readonly ChunkRef[], chunkCount: number): boolean =>
  refs.length === (chunkCount <= maxDirectRefs ? chunkCount : pageCount(chunkCount)) &&
  refs.length <= maxDirectRefs &&
  refs.every(hasUsableLength);

/** What pages hold can only be added up once they are read. */
const hasRightSum = ({ content, size }: Manifest): boolean =>
  content.kind === 'pages' || content.chunks.reduce((sum, ref) => sum + ref.plainLength, 0) === size;

/** On its own, as in the local index. */
export const encodeManifest = (manifest: Manifest): Uint8Array => encodeCbor(manifestFields(manifest));

/** Throws E_AUTH, also for one that contradicts itself, or E_DOWNGRADE. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  return usableManifest(decodeCbor(bytes));
}

export function usableManifest(value: Cbor | undefined): Manifest {
  const parsed = parseManifestFields(value);
  if (!parsed.isConsistent) throw notAuthentic();
  return parsed.manifest;
}
