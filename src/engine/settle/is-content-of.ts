import { isKind } from '../../common/errors.ts';
import type { RevisionId } from '../../common/ids.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { CycleContext } from '../cycle-context.ts';
import { manifestChunks } from '../transfer/manifest-chunks.ts';
import { compareContent } from './compare-content.ts';

const incomparable = ['io', 'missing', 'offline', 'corrupt', 'security'] as const;

/** Whether the file at `path` holds that revision; false if it is not known to the vault. */
export async function isContentOf(
  { local, content }: Pick<CycleContext, 'local' | 'content'>,
  revision: RevisionId | null,
  path: RelativePath,
): Promise<boolean> {
  const { index, fs } = local;
  const sealed = revision === null ? null : index.read.manifest(revision);
  if (revision === null || sealed === null) return false;
  const { crypto } = content;
  try {
    const chunks = await manifestChunks(crypto.openManifest(revision, sealed), content);
    return (await compareContent({ fs, crypto }, null, path, chunks)) === 'equal';
  } catch (error) {
    // What cannot be compared counts as changed: at worst a needless revision, never a lost edit, and of this file alone.
    if (incomparable.some((kind) => isKind(error, kind))) return false;
    throw error;
  }
}
