import type { Cbor } from '../../crypto/cbor.ts';
import { notAuthentic } from '../../crypto/failure.ts';
import { decodeStructure, structureOf } from './fields.ts';
import { isPlainLength, objectTypes, openObject, parseRef, type Ref } from './sealed-object.ts';

/** FORMAT.md 6. */
export interface Manifest {
  readonly node: string;
  readonly revision: string;
  readonly size: number;
  readonly mtimeUs: number;
  readonly exec: boolean;
  readonly chunkCount: number;
  readonly refs: readonly Ref[];
}

const maxDirect = 16;
const perPage = 4096;
const maxPageBytes = 4 * 1024 * 1024;

/** Throws E_AUTH for a wrong shape. Whether it fits together is {@link isSound}. */
export function parseManifest(value: Cbor | undefined): Manifest {
  const fields = structureOf(value, 'manifest');
  const manifest = {
    node: fields.id(),
    revision: fields.id(),
    size: fields.count(),
    mtimeUs: fields.integer(),
    exec: fields.boolean(),
    chunkCount: fields.count(),
    refs: fields.fields().rest().map(parseRef),
  };
  fields.end();
  return manifest;
}

/** Pages on each level, the lowest first. */
function pageCounts(chunkCount: number): readonly number[] {
  if (chunkCount <= maxDirect) return [];
  const first = Math.ceil(chunkCount / perPage);
  return first <= maxDirect ? [first] : [first, Math.ceil(first / perPage)];
}

/** F-MAN-1 and F-MAN-2, as far as they show without the pages. */
export function isSound({ chunkCount, refs, size }: Manifest): boolean {
  const counts = pageCounts(chunkCount);
  const expected = counts.at(-1) ?? chunkCount;
  if (refs.length !== expected || expected > maxDirect || !refs.every(({ length }) => isPlainLength(length)))
    return false;
  return counts.length > 0 || refs.reduce((sum, { length }) => sum + length, 0) === size;
}

/** The sealed bytes that the ref pins; throws if they are not there. */
export type Fetch = (ref: Ref) => Promise<Uint8Array>;

/**
 * The chunks in order, one page of each level in memory at a time. Ends only if pages, number and sum are right (F-MAN-1
 * to F-MAN-3); throws E_AUTH, or what `fetch` throws.
 */
export async function* chunksOf(manifest: Manifest, fetch: Fetch): AsyncGenerator<Ref> {
  if (!isSound(manifest)) throw notAuthentic();
  const counts = pageCounts(manifest.chunkCount);
  let chunks = 0;
  let bytes = 0;
  for await (const ref of refsBelow(manifest, counts, counts.length, 0, manifest.refs, fetch)) {
    chunks++;
    bytes += ref.length;
    if (!isPlainLength(ref.length) || bytes > manifest.size) throw notAuthentic();
    yield ref;
  }
  if (chunks !== manifest.chunkCount || bytes !== manifest.size) throw notAuthentic();
}

async function* refsBelow(
  manifest: Manifest,
  counts: readonly number[],
  level: number,
  from: number,
  refs: readonly Ref[],
  fetch: Fetch,
): AsyncGenerator<Ref> {
  if (level === 0) {
    yield* refs;
    return;
  }
  for (const [at, ref] of refs.entries()) {
    const index = from + at;
    const page = openObject(objectTypes.manifestPage, ref, await fetch(ref));
    const below = parsePage(page, manifest, level, index);
    const total = level === 1 ? manifest.chunkCount : (counts[level - 2] ?? 0);
    if (below.length !== Math.min(perPage, total - index * perPage)) throw notAuthentic();
    yield* refsBelow(manifest, counts, level - 1, index * perPage, below, fetch);
  }
}

function parsePage(plain: Uint8Array, { node, revision }: Manifest, level: number, index: number): readonly Ref[] {
  const fields = decodeStructure(plain, 'manifest-page', maxPageBytes);
  const isOwn =
    fields.id() === node && fields.id() === revision && fields.integer() === level && fields.integer() === index;
  if (!isOwn) throw notAuthentic();
  const refs = fields.fields().rest().map(parseRef);
  fields.end();
  return refs;
}
