import { HoldfastError, isKind } from '../../common/errors.ts';
import { chunksOf } from './manifest.ts';
import type { ObjectFiles } from './object-files.ts';
import { type Area, type AreaParts, area, lazyArea, noteRenamed, pathOf } from './output-area.ts';
import type { RescueProblem } from './report.ts';
import { runEach } from './run-each.ts';
import { markedName } from './safe-name.ts';
import { isPinned, objectTypes, openObject, type Ref, sealedLength } from './sealed-object.ts';
import { type Revision, rootId, type TreeNode } from './vault-tree.ts';

export interface WriteParts extends AreaParts {
  readonly vault: { readonly id: string; readonly n: number };
  readonly objects: ObjectFiles;
  readonly withDeleted: boolean;
  readonly withVersions: boolean;
  readonly addProblem: (problem: RescueProblem) => void;
  readonly onProgress: (files: number, bytes: number) => void;
  readonly signal: AbortSignal;
}

/** So many that syncing them to the disk is no queue; each has one chunk of at most 4 MiB in memory. */
const filesAtOnce = 8;

export interface Written {
  files: number;
  folders: number;
  bytes: number;
  deleted: number;
  versions: number;
}

/** Writes the state of one vault below its folder. */
export async function writeVault(parts: WriteParts): Promise<Written> {
  const { tree, signal } = parts;
  const written: Written = { files: 0, folders: 0, bytes: 0, deleted: 0, versions: 0 };
  const live = area(parts, parts.folder);
  const versions = lazyArea(parts, '.versions');
  const deleted = lazyArea(parts, '.deleted');

  const writeOne = async (node: TreeNode, to: Area, isDeleted: boolean): Promise<void> => {
    signal.throwIfAborted();
    const used = await writeFile(parts, to, node, isDeleted ? null : written);
    if (used !== null && isDeleted) written.deleted++;
    if (used !== null && !isDeleted) {
      written.files++;
      parts.onProgress(written.files, written.bytes);
    }
    if (parts.withVersions) await writeVersions(parts, versions, node, used, written);
  };

  const waiting: string[] = [rootId];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const children = tree.children(folder);
    for (const { id } of children.filter(({ isFolder }) => isFolder)) {
      signal.throwIfAborted();
      await live.folder(id);
      written.folders++;
      waiting.push(id);
    }
    const files = children.filter(({ isFolder }) => !isFolder);
    await runEach(files, filesAtOnce, (node) => writeOne(node, live, false));
  }
  if (parts.withDeleted) await runEach(tree.deletedFiles(), filesAtOnce, (node) => writeOne(node, deleted, true));
  return written;
}

/** The current revision, else the newest older one that is whole; answers which. */
async function writeFile(parts: WriteParts, to: Area, node: TreeNode, count: Written | null): Promise<string | null> {
  const { tree, addProblem } = parts;
  const path = pathOf(tree, node);
  const current = node.revision;
  const others = tree.revisions(node.id).filter((id) => id !== current);
  let why = 'Its first version is in a part of the log that is lost.';
  for (const id of current === null ? others : [current, ...others]) {
    const revision = tree.revision(id);
    const failure = await tryWrite(parts, { to, node, name: node.name, path, revision }, (bytes) => {
      if (count === null) return;
      count.bytes += bytes;
      parts.onProgress(count.files, count.bytes);
    });
    if (failure === null) {
      if (id !== current) {
        const message = `${why} The version of ${timeText(revision.timeUs)} was written in its place.`;
        addProblem({ kind: 'file', vault: parts.folderName, path, message });
      }
      return id;
    }
    if (id === current) why = `The newest version is lost: ${failure}`;
  }
  addProblem({
    kind: 'file',
    vault: parts.folderName,
    path,
    message: `${why} No other version of it could be read.`,
  });
  return null;
}

/** Old revisions under names with their times; `used` is there already. */
async function writeVersions(
  parts: WriteParts,
  to: Area,
  node: TreeNode,
  used: string | null,
  written: Written,
): Promise<void> {
  const path = pathOf(parts.tree, node);
  for (const id of parts.tree.revisions(node.id)) {
    parts.signal.throwIfAborted();
    // The current one was tried, and told of if it failed.
    if (id === used || id === node.revision) continue;
    const revision = parts.tree.revision(id);
    const time = timeText(revision.timeUs);
    const name = markedName(node.name, time.replaceAll(':', '.'));
    const failure = await tryWrite(parts, { to, node, name, path, revision }, () => undefined);
    if (failure === null) written.versions++;
    else
      parts.addProblem({
        kind: 'file',
        vault: parts.folderName,
        path,
        message: `The version of ${time} is lost: ${failure}`,
      });
  }
}

/** A revision that is to be written, under this name. */
interface WantedFile {
  readonly to: Area;
  readonly node: TreeNode;
  readonly name: string;
  readonly path: string;
  readonly revision: Revision;
}

/** Null if it was written; else why it cannot be read. Throws what the output disk says, and aborts. */
async function tryWrite(
  parts: WriteParts,
  { to, node, name, path, revision: { manifest } }: WantedFile,
  onBytes: (bytes: number) => void,
): Promise<string | null> {
  let bytes = 0;
  try {
    const parent = await to.folder(node.parent);
    const pieces = plaintext(parts, manifest, (length) => {
      bytes += length;
      onBytes(length);
    });
    const made = await parts.output.writeFile(parent, name, manifest, pieces);
    noteRenamed(parts, made, { parent, name, path });
    return null;
  } catch (error) {
    onBytes(-bytes);
    if (isKind(error, 'missing') || isKind(error, 'corrupt')) return error.message;
    if (isKind(error, 'security')) return 'its list of pieces is damaged.';
    throw error;
  }
}

async function* plaintext(
  { vault, objects, signal }: WriteParts,
  manifest: Revision['manifest'],
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const fetch = async (ref: Ref): Promise<Uint8Array> => {
    signal.throwIfAborted();
    let isThere = false;
    for await (const sealed of objects.candidates(vault, ref.object, sealedLength(ref.length))) {
      if (isPinned(ref, sealed)) return sealed;
      isThere = true;
    }
    throw isThere
      ? new HoldfastError('corrupt', `object ${ref.object} is damaged.`)
      : new HoldfastError('missing', `object ${ref.object} is missing.`);
  };
  for await (const ref of chunksOf(manifest, fetch)) {
    const piece = openObject(objectTypes.chunk, ref, await fetch(ref));
    yield piece;
    onBytes(piece.length);
  }
}

function timeText(us: number): string {
  const date = new Date(Math.floor(us / 1000));
  return Number.isNaN(date.getTime()) ? 'an unknown time' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
