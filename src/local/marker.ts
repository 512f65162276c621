import { diskReason } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import { HoldfastError } from '../common/errors.ts';
import { isId, type NodeId, type PairId, type VaultId } from '../common/ids.ts';
import { ownFolder } from '../common/name.ts';
import type { Marker } from './file-system.ts';
import type { LocalRoot } from './local-root.ts';
import { ensureFolder } from './own-folder.ts';
import { syncTargets } from './sync-disk.ts';
import { writeSynced } from './write-synced.ts';

const folder = [ownFolder];

/** Null if the text is no marker. */
export function parseMarker(text: string): Marker | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { pairId, vaultId, madeAt, deselected } = value as Record<string, unknown>;
  if (!isId(pairId) || !isId(vaultId) || typeof madeAt !== 'number' || !Number.isSafeInteger(madeAt)) return null;
  const marker = { pairId: pairId as PairId, vaultId: vaultId as VaultId, madeAt };
  if (deselected === undefined) return marker;
  return Array.isArray(deselected) && deselected.every(isId) ? { ...marker, deselected: deselected as NodeId[] } : null;
}

const noText: ReadonlySet<string | null> = new Set(['EISDIR', 'ELOOP', 'ENXIO', 'EFBIG']);

/** Empty where there is something else than a small file. */
function textAt({ disk }: LocalRoot, path: string): string {
  try {
    return disk.readTextSync(path);
  } catch (error) {
    if (noText.has(errnoOf(error))) return '';
    throw error;
  }
}

export function readMarker(root: LocalRoot): Marker | null {
  let text: string;
  try {
    text = root.inFolder(folder, (anchor) => textAt(root, anchor.at('marker')));
  } catch (error) {
    if (diskReason(error) === 'vanished') return null;
    throw error;
  }
  const marker = parseMarker(text);
  if (marker === null) {
    throw new HoldfastError('corrupt', 'the file .holdfast/marker, which says whose folder this is, cannot be read', {
      hint: 'Add the folder again; nothing in it is lost.',
    });
  }
  return marker;
}

export async function writeMarker(root: LocalRoot, marker: Marker): Promise<void> {
  ensureFolder(root, folder);
  root.inFolder(folder, (anchor) => {
    writeSynced(root.disk, anchor.at('marker.new'), `${JSON.stringify(marker)}\n`);
    root.disk.renameSync(anchor.at('marker.new'), anchor.at('marker'));
  });
  await syncTargets(root, [
    { folder, name: null },
    { folder: [], name: null },
  ]);
}

export async function removeMarker(root: LocalRoot): Promise<void> {
  root.inFolder(folder, (anchor) => root.disk.unlinkSync(anchor.at('marker')));
  await syncTargets(root, [{ folder, name: null }]);
}
