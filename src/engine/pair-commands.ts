import { HoldfastError, isKind } from '../common/errors.ts';
import { foldersAbove, rootPath } from '../common/relative-path.ts';
import { allOf } from '../model/dirty-folders.ts';
import { positionCode } from '../vault/position.ts';
import { askInTime, longestWait } from './ask-in-time.ts';
import type { CycleContext } from './cycle-context.ts';
import { listActivity } from './history/activity.ts';
import { copyOut, findContent } from './history/copy-out.ts';
import { findDeletedIn } from './history/find-deleted.ts';
import { listTrash } from './history/list-trash.ts';
import { listVault } from './history/list-vault.ts';
import { restore } from './history/restore.ts';
import { restoreTrashed } from './history/restore-trashed.ts';
import { undo } from './history/undo.ts';
import { listVersions } from './history/versions.ts';
import { idOf, localPath, remoteNodeAt } from './local-path.ts';
import { listHeld } from './loop/held-deletes.ts';
import { observe } from './loop/observe.ts';
import type { PairLoop } from './loop/pair-loop.ts';
import { pathInFolder } from './observe/path-in-folder.ts';
import type { RootGuard } from './observe/root-check.ts';
import type { Pair } from './pair.ts';
import type { PairOptions } from './pair-options.ts';
import { chooseNode, listDeselected } from './selection/select-nodes.ts';
import { preview } from './status/preview.ts';
import { resolveIssue } from './status/resolve-issue.ts';
import { verify } from './status/verify.ts';
import { explain } from './status/why.ts';

/** What a person asks of a pair, once or twice a day: each runs between two cycles of the loop. */
export type PairCommands = Pick<
  Pair,
  | 'compareCode'
  | 'placeOnDisk'
  | 'plan'
  | 'list'
  | 'versions'
  | 'restore'
  | 'changeKeys'
  | 'undo'
  | 'activity'
  | 'trash'
  | 'restoreTrashed'
  | 'emptyTrash'
  | 'setSelected'
  | 'deselected'
  | 'issues'
  | 'held'
  | 'copyOut'
  | 'resolve'
  | 'why'
  | 'verify'
>;

export interface PairCommandParts {
  readonly options: Pick<PairOptions, 'deviceNameOf' | 'folder' | 'storage'>;
  readonly context: CycleContext;
  readonly loop: Pick<PairLoop, 'aside' | 'command' | 'isObserved' | 'isStarted' | 'wake' | 'watchHint' | 'unheard'>;
  readonly root: Pick<RootGuard, 'problem'>;
  /** Makes the folder ready to be looked at; throws if it cannot be. */
  readonly prepare: () => Promise<void>;
  /** Begins a new epoch if a device was revoked since the current one began. */
  readonly rotateIfDue: () => Promise<void>;
}

export function pairCommands(parts: PairCommandParts): PairCommands {
  const { options, context, loop, root, prepare, rotateIfDue } = parts;
  const { issues, log } = context;
  const { index } = context.local;
  const { read } = index;

  /** Between cycles: what it brought waits for the next one, which is not to wait for a hint or a timer. */
  const pullAside = async (): Promise<void> => {
    const { seq } = log.position;
    try {
      await context.pull();
    } catch (error) {
      loop.unheard();
      throw error;
    } finally {
      if (log.position.seq > seq) loop.wake();
    }
  };

  /**
   * A command that changes the vault: the cycle after it brings the folder in line, also with what others wrote meanwhile.
   * Said first, for until then the pair is not up to date.
   */
  const change = <T>(task: () => Promise<T>): Promise<T> =>
    loop.command(async () => {
      await pullAside();
      loop.wake();
      return task();
    });

  const askForNews = async (): Promise<void> => {
    try {
      await pullAside();
    } catch (error) {
      const isBearable = error instanceof HoldfastError && (error.kind === 'offline' || log.position.frozen !== null);
      if (!isBearable) throw error;
    }
  };

  /** In the loop's turn, with the vault as new as the server has it or, without a server, as it was seen last. */
  const withNews = <T>(task: () => Promise<T> | T): Promise<T> =>
    loop.command(async () => {
      await askForNews();
      return task();
    });

  /** What keeps a pair that runs from hearing news is told by its status: it hides neither what is known, nor the trash here. */
  const newsIfAny = async (): Promise<void> => {
    try {
      await askForNews();
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.kind === 'bug' || log.position.seq === 0) throw error;
    }
  };

  const newsInTime = askInTime(() => loop.aside(newsIfAny), context.local.clock, longestWait);
  /**
   * Shows the vault as new as the server has it or, without a server, as it was seen last. Where the pair runs, nobody has to
   * wait until all is sent or the line has given up: what is new later is told of.
   */
  const looking = async <T>(task: () => Promise<T> | T): Promise<T> => {
    if (!loop.isStarted) return withNews(task);
    await newsInTime();
    return task();
  };

  const observed = <T>(task: () => Promise<T>): Promise<T> =>
    loop.command(async () => {
      await prepare();
      // Nobody is told “up to date” while the folder is looked at, which may take long, by who could not hear the server.
      const unheard = await pullAside().then(
        () => null,
        (error: unknown) => {
          if (!isKind(error, 'offline') || log.position.seq === 0) throw error;
          return error;
        },
      );
      await observe(context, { local: 'all', isRemoteDirty: false });
      if (unheard !== null) throw unheard;
      if (read.counts().diverged > 0) loop.wake();
      return task();
    });

  /** For what is told of the folder: nobody has looked into it yet where no daemon runs. What cannot be looked at is told as it was. */
  const lookFirst = async (): Promise<void> => {
    if (loop.isObserved || log.position.seq === 0 || log.position.frozen !== null) return;
    try {
      await prepare();
      await observe(context, { local: 'all', isRemoteDirty: false });
    } catch (error) {
      if (!isKind(error, 'io')) throw error;
    }
  };

  const lookInTime = askInTime(() => loop.aside(lookFirst), context.local.clock, longestWait);

  return {
    compareCode: () => {
      const { position } = log;
      return position.seq === 0 ? null : { seq: position.seq, words: positionCode(position) };
    },
    placeOnDisk: (path) => {
      const node = remoteNodeAt(read, path);
      return node === null ? null : localPath(read, idOf(node));
    },
    plan: ({ verbose }) => observed(async () => preview(context, { verbose })),
    list: (path, how) => looking(() => listVault(context, path, how)),
    versions: (path, { node } = { node: null }) =>
      looking(() => listVersions(context, path, options.deviceNameOf, node)),
    restore: (path, which) => change(() => restore(context, path, which)),
    undo: (batch) => change(() => undo(context, batch)),
    changeKeys: () => change(rotateIfDue),
    activity: (page) => looking(() => listActivity(context, page, options.deviceNameOf)),
    trash: () => looking(() => listTrash(context)),
    emptyTrash: () => {
      // What a cycle that is under way puts there until then nobody has seen.
      const asked = context.local.clock.now();
      return loop.command(async () => {
        await prepare();
        return context.local.fs.expireTrash(asked);
      });
    },
    async restoreTrashed(item) {
      if (item.where === 'vault') {
        const node = findDeletedIn(read, item);
        const { batch } = await change(() => restore(context, item.path, { revision: null, node }));
        return { path: null, batch };
      }
      const path = await loop.command(async () => {
        await prepare();
        return restoreTrashed(context.local.fs, item, context.local.traits.nameRules.maxLength);
      });
      // All that may have been made on the way there.
      loop.watchHint({ type: 'dirty', folders: allOf(new Set([rootPath, ...foldersAbove(path)])) });
      return { path, batch: null };
    },
    async setSelected(path, isSelected) {
      await withNews(async () => {
        await prepare();
        await observe(context, { local: 'all', isRemoteDirty: false });
        await chooseNode(context, path, isSelected);
      });
      loop.wake();
    },
    deselected: () => looking(() => listDeselected(context)),
    issues: async () => issues.all(),
    held: async (page) => listHeld(issues, read, page),
    async copyOut(path, which, sink) {
      const wanted = await looking(() => findContent(context, path, which));
      return copyOut(context, wanted, sink);
    },
    async resolve(issue, choice, { seen } = { seen: null }) {
      await loop.command(() => resolveIssue(index, issues, issue, choice, seen));
      loop.wake();
    },
    async why(path, { node } = { node: null }) {
      await (loop.isStarted ? lookInTime() : loop.command(lookFirst));
      return explain(context, pathInFolder(options.folder, path), node, root.problem);
    },
    async verify({ isDeep }) {
      await loop.command(pullAside);
      return verify(context, options.storage, { isDeep });
    },
  };
}
