import { must } from '../../common/errors.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { OpenedEntry } from '../../vault/replay.ts';
import type { StateRow } from '../../vault/state-row.ts';
import type { ContentCrypto } from '../transfer/content-crypto.ts';

/** Manifests sealed for the index before the transaction that writes them: sealing takes as long as the rest of it. */
export type SealedAhead = ReadonlyMap<Manifest, Uint8Array>;

/** Those of these entries. Never rejects: what cannot be sealed ahead is sealed when it is written, and fails there. */
export const sealEntries = (
  crypto: Pick<ContentCrypto, 'sealManifests'>,
  entries: readonly Pick<OpenedEntry, 'operations'>[],
): Promise<SealedAhead> =>
  seal(
    crypto,
    entries.flatMap(({ operations }) => operations.flatMap((each) => ('manifest' in each ? [each.manifest] : []))),
  );

/** Those of these rows of a checkpoint. */
export const sealStateRows = (
  crypto: Pick<ContentCrypto, 'sealManifests'>,
  rows: readonly StateRow[],
): Promise<SealedAhead> =>
  seal(
    crypto,
    rows.flatMap((row) => (row.type === 'revision' ? [row.revision.manifest] : [])),
  );

async function seal(
  crypto: Pick<ContentCrypto, 'sealManifests'>,
  manifests: readonly Manifest[],
): Promise<SealedAhead> {
  if (manifests.length === 0) return new Map();
  try {
    const sealed = await crypto.sealManifests(manifests);
    return new Map(manifests.map((manifest, i) => [manifest, must(sealed[i])]));
  } catch {
    return new Map();
  }
}
