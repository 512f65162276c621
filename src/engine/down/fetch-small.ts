import type { Manifest } from '../../model/manifest.ts';
import type { RemoteNode } from '../../model/node.ts';
import { noteFailure, outcomeOf, type RoundReport } from '../op-outcome.ts';
import { isStopped } from '../transfer/interruption.ts';
import type { DownContext } from './down-context.ts';
import { downloadSmall, isSmall, largestSmall } from './download-small.ts';
import { fetchOne, wantedNode } from './fetch-one.ts';
import type { DownContentOperation, StagedContent } from './place-downloaded.ts';

/** A small content that is to be fetched with others. */
export interface SmallContent {
  readonly op: DownContentOperation;
  readonly remote: RemoteNode;
}

interface SmallManifest extends SmallContent {
  readonly manifest: Manifest;
}

/** What `op` wants, if it is a small content; null: it goes its own way. */
export function smallContent(
  context: Pick<DownContext, 'rows' | 'smallBytes'>,
  op: DownContentOperation,
): SmallContent | null {
  if (op.type === 'down-conflict') return null;
  const remote = wantedNode(context, op);
  return remote === null || remote.size > Math.min(context.smallBytes, largestSmall) ? null : { op, remote };
}

export const isShort = (
  { rows, smallBytes }: Pick<DownContext, 'rows' | 'smallBytes'>,
  { node }: DownContentOperation,
): boolean => (rows.remote(node)?.size ?? 0) <= smallBytes;

/** Those of them that are in the stage now; the report says what became of the others. */
export async function fetchSmall(
  context: DownContext,
  contents: readonly SmallContent[],
  report: RoundReport,
): Promise<readonly StagedContent[]> {
  const manifests = await openManifests(context, contents);
  const together: SmallManifest[] = [];
  const alone: DownContentOperation[] = [];
  for (const [at, { op, remote }] of contents.entries()) {
    const manifest = manifests[at] ?? null;
    // What does not open, or says otherwise than its row, is told on its own way.
    if (manifest === null || !isSmall(manifest)) alone.push(op);
    else together.push({ op, remote, manifest });
  }
  const staged = await Promise.all([
    fetchTogether(context, together, report),
    ...alone.map((op) => fetchOne(context, op, report)),
  ]);
  return staged.flat();
}

/** Null of each that is not known or does not open. */
async function openManifests(
  { index, download }: DownContext,
  contents: readonly SmallContent[],
): Promise<readonly (Manifest | null)[]> {
  const known = index.read.manifests(contents.map(({ op: { revision } }) => revision));
  const sealed = contents.map(({ op: { revision } }) => {
    const manifest = known.get(revision);
    return manifest === undefined ? null : { revision, sealed: manifest };
  });
  const opened = (await download.crypto.openManifests(sealed.filter((each) => each !== null))).values();
  return sealed.map((each) => (each === null ? null : (opened.next().value ?? null)));
}

async function fetchTogether(
  { download }: DownContext,
  contents: readonly SmallManifest[],
  report: RoundReport,
): Promise<readonly StagedContent[]> {
  const ready: StagedContent[] = [];
  const fail = ({ op }: SmallContent, error: unknown): void => {
    if (!isStopped(error)) noteFailure(report, op.node, outcomeOf(error, null));
  };
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
