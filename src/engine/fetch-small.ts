import { HoldfastError } from '../common/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import type { RemoteNode } from '../model/node.ts';
import type { DownContext } from './down-context.ts';
import { downloadSmall, isSmall } from './download-small.ts';
import { noteFailure, outcomeOf, type RoundReport } from './op-outcome.ts';
import type { DownContentOperation, StagedContent } from './place-downloaded.ts';

/** A small content that is to be fetched with others. */
export interface SmallContent {
  readonly op: DownContentOperation;
  readonly remote: RemoteNode;
  readonly manifest: Manifest;
}

/** What `op` wants, if it is a small content; null: it goes its own way. */
export function smallContent({ index, download }: DownContext, op: DownContentOperation): SmallContent | null {
  if (op.type === 'down-conflict') return null;
  const current = index.read.currentContent(op.node);
  if (current === null || current.node.revision !== op.revision) return null;
  try {
    const manifest = download.crypto.openManifest(op.revision, current.manifest);
    return isSmall(manifest) ? { op, remote: current.node, manifest } : null;
  } catch (error) {
    // Its own way says so.
    if (error instanceof HoldfastError) return null;
    throw error;
  }
}

/** Those of them that are in the stage now; the report says what became of the others. */
export async function fetchSmall(
  { download }: DownContext,
  contents: readonly SmallContent[],
  report: RoundReport,
): Promise<readonly StagedContent[]> {
  const ready: StagedContent[] = [];
  const fail = ({ op }: SmallContent, error: unknown): void => noteFailure(report, op.node, outcomeOf(error, null));
  try {
    const manifests = contents.map(({ manifest }) => manifest);
    const outcomes = await downloadSmall(download, manifests);
    for (const [at, content] of contents.entries()) {
      const outcome = outcomes[at];
      if (outcome?.ok) {
        const { staged, chunks } = outcome.value;
        ready.push({ op: content.op, remote: content.remote, file: staged, chunks });
      } else fail(content, outcome?.error);
    }
  } catch (error) {
    for (const content of contents) fail(content, error);
  }
  return ready;
}
