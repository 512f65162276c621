import { diskReason } from '../common/disk-error.ts';
import { HoldfastError, must, unreachable } from '../common/errors.ts';
import { type NodeId, newId, type Random, rootNode } from '../common/ids.ts';
import { joinName, lastName, parentPath, type RelativePath, rootPath } from '../common/relative-path.ts';
import type { ChunkRow, Index, IndexWriter, LocalRow } from '../db/index-port.ts';
import type { FileSystem, StagedFile, TrashItem } from '../local/file-system.ts';
import type { IgnoreRules } from '../local/ignore-rules.ts';
import type { RemoteNode } from '../model/node.ts';
import type { Stat } from '../model/stat.ts';
import type { DownOperation } from '../plan/plan.ts';
import { type DownloadContext, downloadContent } from './download-content.ts';
import { moveHusks } from './husks.ts';
import { rememberChunks } from './known-chunk.ts';
import { localPath } from './local-path.ts';
import { leftIn, rulesFile, withTakenName } from './never-synced.ts';
import { noteFailure, noteStale, outcomeOf, type RoundReport } from './op-outcome.ts';
import type { Semaphore } from './semaphore.ts';
import type { TransferMeter } from './transfer-meter.ts';

export interface DownContext {
  readonly index: Index;
  readonly fs: FileSystem;
  readonly download: DownloadContext;
  readonly meter: TransferMeter;
  readonly random: Random;
  readonly files: Semaphore;
  readonly ignore: IgnoreRules;
  /** The file's content is that of its synced revision after all: only its times changed. */
  readonly isUntouched: (row: LocalRow, path: RelativePath) => Promise<boolean>;
  /** Names the trash of this round; the seq of the vault that it follows. */
  readonly batch: string;
  readonly signal: AbortSignal;
  readonly isStopping: () => boolean;
}

type ContentOperation = Extract<DownOperation, { type: 'down-create-file' | 'down-revise' | 'down-conflict' }>;

/** A downloaded file that waits for its name. */
interface Staged {
  readonly op: ContentOperation;
  readonly remote: RemoteNode;
  readonly file: StagedFile;
  readonly chunks: readonly ChunkRow[];
}

/** What one round leaves to be finished at its end. */
interface Run {
  /** Folders whose entries changed and are not synced to the medium yet. */
  readonly touchedFolders: Set<RelativePath>;
  /** Nodes in the stage on their way to another place. */
  readonly parked: Set<NodeId>;
  /** Rules files that went to the trash, by their folder. */
  readonly trashedRules: Map<RelativePath, TrashItem>;
}

/** Files that get their names after one sync of the disk. */
const placeGroup = 1024;
const maxPrepared = 192;

/**
 * Changes the local folder as planned. Structure goes first and in order; contents are fetched beside each other, and get
 * their names in groups after one sync of the disk; deletes that free no name come last. Every step checks that the disk
 * is as the plan saw it, and what it replaces is in the trash.
 */
export async function executeDown(
  context: DownContext,
  operations: readonly DownOperation[],
  report: RoundReport,
): Promise<void> {
  const { index, fs } = context;
  const run: Run = { touchedFolders: new Set(), parked: new Set(), trashedRules: new Map() };
  const isContent = (op: DownOperation): op is ContentOperation =>
    op.type === 'down-create-file' || op.type === 'down-revise' || op.type === 'down-conflict';
  const lastOther = operations.findLastIndex((op) => op.type !== 'down-delete');
  const head = operations.slice(0, lastOther + 1);
  const deletes = operations.slice(lastOther + 1);
  const contents = head.filter(isContent);

  context.meter.begin(
    contents.length,
    contents.reduce((sum, op) => sum + (index.read.remote(op.node)?.size ?? 0), 0),
  );
  for (const op of head) {
    if (!isContent(op)) await structural(context, op, report, run);
    if (report.stopped !== null) break;
  }
  await fetchAndPlace(context, contents, report, run);
  for (const op of deletes) {
    if (report.stopped !== null || context.isStopping()) break;
    if (!isContent(op)) await structural(context, op, report, run);
  }
  if (run.parked.size > 0) await bringBack(context, report);
  if (report.stopped?.reason !== 'root-gone' && run.touchedFolders.size > 0) {
    try {
      await fs.syncFolders([...run.touchedFolders]);
    } catch (error) {
      noteFailure(report, rootNode, outcomeOf(error, null));
    }
  }
  context.meter.end();
}

/** Whoever was to leave its place and could not reach the other one goes back; the next plan sees it there. */
async function bringBack({ fs }: DownContext, report: RoundReport): Promise<void> {
  report.isAllStale = true;
  if (report.stopped?.reason === 'root-gone') return;
  try {
    await fs.recoverStage();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    // What is in the stage would be seen as deleted: nothing is observed before it is back.
    report.stopped ??= error;
  }
}

async function fetchAndPlace(
  context: DownContext,
  contents: readonly ContentOperation[],
  report: RoundReport,
  run: Run,
): Promise<void> {
  let ready: Staged[] = [];
  let next = 0;
  let running = 0;
  let failure: unknown = null;
  let wake: () => void = () => undefined;
  const isDone = (): boolean => report.stopped !== null || failure !== null;

  const start = (op: ContentOperation): void => {
    running++;
    void fetchOne(context, op, report)
      .then((staged) => {
        if (staged !== null) ready.push(staged);
      })
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => {
        running--;
        wake();
      });
  };

  while ((next < contents.length || running > 0 || ready.length > 0) && !isDone()) {
    if (context.isStopping()) next = contents.length;
    while (next < contents.length && running < maxPrepared && !isDone()) {
      const op = contents[next++];
      if (op !== undefined) start(op);
    }
    const isLast = running === 0;
    if (ready.length >= placeGroup || (ready.length > 0 && isLast)) {
      const group = ready.splice(0, placeGroup);
      await placeGroupOf(context, group, report, run);
    } else if (running > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  while (running > 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  for (const { file } of ready) await file.leave();
  ready = [];
  if (failure !== null) throw failure;
}

async function fetchOne(context: DownContext, op: ContentOperation, report: RoundReport): Promise<Staged | null> {
  const { index, download } = context;
  const release = await context.files.acquire(1);
  try {
    const remote = index.read.remote(op.node);
    const sealed = index.read.currentManifest(op.node);
    if (report.stopped !== null || remote === null || remote.revision !== op.revision || sealed === null) return null;
    if (op.type === 'down-conflict' && (await isOnlyTouched(context, op))) return null;
    const manifest = download.crypto.openManifest(op.revision, sealed);
    const { staged, chunks } = await downloadContent(download, manifest);
    return { op, remote, file: staged, chunks };
  } catch (error) {
    noteFailure(report, op.node, outcomeOf(error, null));
    return null;
  } finally {
    release();
  }
}

/** No conflict if only the times of the local file changed: then it takes its synced revision back, and the plan is made anew. */
async function isOnlyTouched(context: DownContext, op: ContentOperation): Promise<boolean> {
  const { index } = context;
  const row = index.read.localRow(op.node);
  const synced = index.read.synced(op.node);
  const path = row === null ? null : localPath(index.read, op.node);
  if (row === null || path === null || synced === null || synced.revision === null) return false;
  if (row.revision === synced.revision || !(await context.isUntouched(row, path))) return false;
  const now = index.read.localRow(op.node);
  if (now === null || now.revision !== row.revision) return false;
  index.transaction((write) => write.putLocal({ ...now, revision: synced.revision, differsFrom: null }));
  return true;
}

async function placeGroupOf(
  context: DownContext,
  group: readonly Staged[],
  report: RoundReport,
  run: Run,
): Promise<void> {
  const { index, fs } = context;
  const leave = async (): Promise<void> => {
    for (const { file } of group) await file.leave();
  };
  try {
    await fs.syncStaged(group.map(({ file }) => file));
  } catch (error) {
    await leave();
    for (const { op } of group) noteFailure(report, op.node, outcomeOf(error, null));
    return;
  }
  const placed: ((write: IndexWriter) => void)[] = [];
  const folders = new Set<RelativePath>();
  for (const staged of group) {
    let path: RelativePath | null = null;
    try {
      path = targetOf(index, staged.op);
      if (path === null) {
        noteStale(report, staged.op.node, null);
        continue;
      }
      placed.push(await placeOne(context, staged, path, report), (write) =>
        rememberChunks(write, staged.op.revision, staged.chunks),
      );
      folders.add(parentPath(path));
      report.done++;
      context.meter.fileDone();
    } catch (error) {
      const reason = await withTakenName(context, placeOf(index, staged.op), error);
      noteFailure(report, staged.op.node, outcomeOf(reason, path === null ? null : parentPath(path)));
    } finally {
      await staged.file.leave();
    }
  }
  // Names are on the medium before the index takes both sides for agreed.
  await fs.syncFolders([...folders]);
  for (const folder of folders) run.touchedFolders.delete(folder);
  index.transaction((write) => {
    for (const change of placed) change(write);
  });
}

/** The name on disk that an operation asks for, if it asks for one. */
function placeOf(index: Index, op: DownOperation): { readonly parent: NodeId; readonly name: string } | null {
  if (!('localName' in op)) return null;
  const parent = 'parent' in op ? op.parent : index.read.localRow(op.node)?.parent;
  return parent === undefined ? null : { parent, name: op.localName };
}

function targetOf(index: Index, op: ContentOperation): RelativePath | null {
  if (op.type !== 'down-create-file') return localPath(index.read, op.node);
  const parent = op.parent === rootNode ? rootPath : localPath(index.read, op.parent);
  return parent === null ? null : joinName(parent, op.localName);
}

async function placeOne(
  context: DownContext,
  { op, remote, file }: Staged,
  path: RelativePath,
  report: RoundReport,
): Promise<(write: IndexWriter) => void> {
  const { index, fs, batch } = context;
  switch (op.type) {
    case 'down-create-file': {
      const { stat } = await fs.placeStaged(file, path, null, batch);
      return (write) => {
        write.putLocal(localRow(op.node, op.parent, op.localName, stat, remote));
        write.putSynced(agreed(remote, op.localName));
      };
    }
    case 'down-revise': {
      const row = must(index.read.localRow(op.node));
      if (row.revision !== index.read.synced(op.node)?.revision) throw staleNow();
      const { stat } = await fs.placeStaged(file, path, row, batch);
      return (write) => {
        const now = index.read.localRow(op.node) ?? row;
        write.putLocal(localRow(op.node, now.parent, now.name, stat, remote));
        const synced = index.read.synced(op.node);
        if (synced !== null) write.putSynced({ ...synced, revision: remote.revision });
      };
    }
    case 'down-conflict': {
      // First the local content becomes a node of its own, in the index; whatever crashes from here on finds it there.
      const row = must(index.read.localRow(op.node));
      const copy = newId<NodeId>(context.random);
      const base = index.read.synced(op.node);
      index.transaction((write) => {
        write.removeLocal(op.node);
        write.removeSynced(op.node);
        write.putLocal({ ...row, id: copy, differsFrom: op.revision });
      });
      const stat = await fs.move(path, joinName(parentPath(path), op.copyName), row);
      index.transaction((write) =>
        write.putLocal({ ...row, id: copy, name: op.copyName, ctimeUs: stat.ctimeUs, differsFrom: null }),
      );
      report.conflicts++;
      const placed = await fs.placeStaged(file, path, null, batch);
      return (write) => {
        write.putLocal(localRow(op.node, row.parent, row.name, placed.stat, remote));
        // The place keeps its base: a move on either side is still to be seen.
        if (base !== null) write.putSynced({ ...base, revision: remote.revision });
      };
    }
    default:
      return unreachable(op);
  }
}

const staleNow = (): HoldfastError => new HoldfastError('conflict', 'the file changed meanwhile');

const localRow = (id: NodeId, parent: NodeId, name: string, stat: Stat, remote: RemoteNode): LocalRow => ({
  id,
  parent,
  name,
  kind: remote.kind,
  revision: remote.revision,
  size: stat.size,
  mtimeUs: stat.mtimeUs,
  ctimeUs: stat.ctimeUs,
  birthUs: stat.birthUs,
  dev: stat.dev,
  ino: stat.ino,
  exec: remote.exec,
  differsFrom: null,
});

const agreed = (remote: RemoteNode, localName: string) => ({
  id: remote.id,
  parent: remote.parent,
  name: remote.name,
  localName,
  kind: remote.kind,
  revision: remote.revision,
});

async function structural(
  context: DownContext,
  op: Exclude<DownOperation, ContentOperation>,
  report: RoundReport,
  run: Run,
): Promise<void> {
  const { index } = context;
  const read = index.read;
  const path = localPath(read, op.node);
  const folder = path === null ? null : parentPath(path);
  try {
    switch (op.type) {
      case 'down-create-folder':
        await createFolder(context, op, run);
        break;
      case 'down-place':
        await place(context, op, path, run);
        break;
      case 'down-park': {
        if (path === null) throw staleNow();
        const row = must(read.localRow(op.node));
        await context.fs.park(path, row, op.node);
        run.parked.add(op.node);
        break;
      }
      case 'down-set-aside': {
        if (path === null || folder === null) throw staleNow();
        const row = must(read.localRow(op.node));
        const stat = await context.fs.move(path, joinName(folder, op.localName), row);
        run.touchedFolders.add(folder);
        index.transaction((write) => write.putLocal({ ...row, name: op.localName, ctimeUs: stat.ctimeUs }));
        report.conflicts++;
        break;
      }
      case 'down-delete':
        await remove(context, op.node, path, run);
        break;
      default:
        unreachable(op);
    }
    report.done++;
  } catch (error) {
    noteFailure(report, op.node, outcomeOf(await withTakenName(context, placeOf(index, op), error), folder));
  }
}

const folderPathOf = (index: Index, folder: NodeId): RelativePath => {
  const path = folder === rootNode ? rootPath : localPath(index.read, folder);
  if (path === null) throw staleNow();
  return path;
};

async function createFolder(
  context: DownContext,
  op: Extract<DownOperation, { type: 'down-create-folder' }>,
  run: Run,
): Promise<void> {
  const { index, fs } = context;
  const parent = folderPathOf(index, op.parent);
  const remote = index.read.remote(op.node);
  if (remote === null) throw staleNow();
  const path = joinName(parent, op.localName);
  const stat = (await huskAt(context, op.parent, path)) ?? (await fs.makeFolder(path));
  run.touchedFolders.add(parent);
  index.transaction((write) => {
    write.putLocal(localRow(op.node, op.parent, op.localName, stat, remote));
    write.putSynced(agreed(remote, op.localName));
    moveHusks(index.read, write, op.parent, op.localName, op.node);
  });
}

/** A folder that was left behind when it was deleted, and that may be taken up again. */
async function huskAt({ index, fs }: DownContext, parent: NodeId, path: RelativePath): Promise<Stat | null> {
  if (!index.read.isHusk(parent, lastName(path))) return null;
  const stat = await fs.stat(path);
  return stat?.kind === 'folder' ? stat : null;
}

async function place(
  context: DownContext,
  op: Extract<DownOperation, { type: 'down-place' }>,
  path: RelativePath | null,
  run: Run,
): Promise<void> {
  const { index, fs } = context;
  const read = index.read;
  const row = read.localRow(op.node);
  const remote = read.remote(op.node);
  if (row === null || remote === null) throw staleNow();
  const to = joinName(folderPathOf(index, op.parent), op.localName);
  let stat: Stat;
  if (run.parked.has(op.node)) {
    stat = await fs.unpark(op.node, to);
    run.parked.delete(op.node);
  } else {
    if (path === null) throw staleNow();
    stat = await fs.move(path, to, row);
    run.touchedFolders.add(parentPath(path));
  }
  run.touchedFolders.add(parentPath(to));
  index.transaction((write) => {
    write.putLocal({ ...row, parent: op.parent, name: op.localName, ctimeUs: stat.ctimeUs });
    const synced = read.synced(op.node);
    const revision = synced?.revision ?? (row.revision === remote.revision ? remote.revision : null);
    if (synced !== null || row.kind === 'folder' || revision !== null) {
      write.putSynced({ ...agreed(remote, op.localName), revision });
    }
  });
}

async function remove(context: DownContext, node: NodeId, path: RelativePath | null, run: Run): Promise<void> {
  const { index, fs } = context;
  const row = index.read.localRow(node);
  if (row === null || path === null) throw staleNow();
  let isHusk = false;
  if (row.kind === 'file') {
    const item = await fs.trashFile(path, row, context.batch);
    if (row.name === rulesFile) run.trashedRules.set(parentPath(path), item);
  } else isHusk = await removeFolder(context, node, path);
  run.touchedFolders.add(parentPath(path));
  const husks = row.kind === 'folder' ? index.read.husksOf(node) : [];
  // The disk had nothing in it any more, whatever the last look had seen there.
  const below = row.kind === 'folder' && !isHusk ? nodesBelow(index, node) : [];
  index.transaction((write) => {
    for (const each of below) write.removeLocal(each);
    write.removeLocal(node);
    write.removeSynced(node);
    write.removeBlocked(node);
    for (const husk of husks) write.removeHusk(node, husk);
    if (!isHusk) return;
    write.addHusk(row.parent, row.name);
    for (const husk of husks) write.addHusk(row.parent, `${row.name}/${husk}`);
  });
  // The rules that say why the folder stays, stay with it: else what they leave out would go up one day.
  const rules = isHusk ? run.trashedRules.get(path) : undefined;
  if (rules !== undefined) await fs.restoreTrashed(rules, rules.path);
}

function nodesBelow(index: DownContext['index'], folder: NodeId): NodeId[] {
  const found: NodeId[] = [];
  const stack = [folder];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const ids = index.read.localRowsOf(at).map(({ id }) => id);
    found.push(...ids);
    stack.push(...ids);
  }
  return found;
}

/** True if it stays for what is never synced in it: it is a husk from now on, and no new folder to the next scan. */
async function removeFolder(context: DownContext, node: NodeId, path: RelativePath): Promise<boolean> {
  const { fs, batch } = context;
  try {
    await fs.removeFolder(path);
    return false;
  } catch (error) {
    if (diskReason(error) !== 'not-empty') throw error;
    const left = await leftIn(context, node, path);
    if (left === 'news') throw error;
    if (left === 'husk') return true;
    for (const entry of left) await fs.trashFile(joinName(path, entry.name), entry, batch);
    await fs.removeFolder(path);
    return false;
  }
}
