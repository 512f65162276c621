import type { Clock } from '../../common/clock.ts';
import type { NodeId } from '../../common/ids.ts';
import { type RelativePath, rootPath } from '../../common/relative-path.ts';
import type { IndexReader, LocalRow } from '../../db/index-port.ts';
import { addDirty, type DirtyFolders, type DirtyNames } from '../../model/dirty-folders.ts';
import type { SyncedNode } from '../../model/node.ts';
import { isMovedLocally } from '../../plan/diverged.ts';
import type { Plan } from '../../plan/plan.ts';
import { localPath } from '../local-path.ts';
import {
  type Change,
  type Heat,
  heatUp,
  isCold,
  isHot,
  isQuiet,
  longestQuiet,
  type Seen,
  timeToWait,
} from './quiet-time.ts';
import { isBackupName, isUnfinishedName, mayBeBackupName } from './save-names.ts';

/** The files whose changes are not quiet yet. In memory only: after a restart the disk says how old a change is. */
export interface Restless {
  /** For one plan: asked for a node twice, it says the same. */
  look(read: IndexReader): Look;
  /** These contents are being read. */
  taken(plan: Plan, read: Pick<IndexReader, 'localRow'>): void;
  /** At the last look. */
  has(node: NodeId): boolean;
  /** It was let through at the last look, since it waited for so long, but it is being written. */
  isHurried(node: NodeId): boolean;
}

export interface Look {
  /** Its change is not taken up by this plan. `rows`: what the plan has read already. */
  readonly isRestless: (node: NodeId, rows?: RowReader) => boolean;
  /** Where to look again, and in how many milliseconds at the latest; null if nothing was found restless. */
  wait(): { readonly time: number; readonly folders: DirtyFolders } | null;
}

type RowReader = Pick<IndexReader, 'localRow' | 'synced' | 'localByName'>;

interface Trace {
  /** Which file it is, under which name; another one begins anew. Empty: gone. */
  file: string;
  /** Tells one state of its content from the next. */
  state: string;
  /** Monotonic: first seen in that state, first found restless, last asked about. */
  stateAt: number;
  restlessAt: number | null;
  askedAt: number;
  isBusy: boolean;
  heat: Heat;
  taken: { readonly size: number; readonly at: number } | null;
}

/** A file that grows so soon after it was taken up is still being written. */
const growsAgain = 5000;
/** What was not asked about for so long is settled. */
const forgetAfter = 10_000;

/**
 * @param isWatching whether it will be looked at again soon by itself; if not, what is gone counts as deleted at once, and no
 * large file is waited for.
 */
export function restless(clock: Clock, isWatching: () => boolean): Restless {
  const traces = new Map<NodeId, Trace>();
  let last: ReadonlyMap<NodeId, number> = new Map();
  let hurried: Set<NodeId> = new Set();
  /** What was gone for long enough at the last look. It stays so while it waits for the person, however often it is asked for. */
  let gone: ReadonlySet<NodeId> = new Set();
  /** Monotonic: when something was last found gone. What goes one after the other is judged together, or no part of it is much. */
  let lastGoneAt = Number.NEGATIVE_INFINITY;

  const forget = (now: number): void => {
    for (const [node, trace] of traces) {
      if (now - trace.askedAt > forgetAfter && isCold(trace.heat, now)) traces.delete(node);
    }
  };

  const traceOf = (node: NodeId, row: LocalRow | null, now: number): Trace => {
    const known = traces.get(node);
    if (known !== undefined) return known;
    const made: Trace = {
      file: fileOf(row),
      state: stateOf(row),
      stateAt: now,
      restlessAt: null,
      askedAt: now,
      isBusy: false,
      heat: { level: 0, at: now },
      taken: null,
    };
    traces.set(node, made);
    return made;
  };

  /** Brings what is known of a change up to date and says how long it has to wait. */
  const judge = (node: NodeId, change: Change, row: LocalRow | null, now: number, goneBefore: number): number => {
    const trace = traceOf(node, row, now);
    const file = fileOf(row);
    const state = stateOf(row);
    if (trace.file !== file) {
      // Saved as a whole, by renaming: nothing that is still being written.
      Object.assign(trace, { file, state, stateAt: now, restlessAt: null, isBusy: false });
    } else if (trace.state !== state) {
      const { taken } = trace;
      const isGrowing = taken !== null && now - taken.at < growsAgain && (row?.size ?? 0) > taken.size;
      trace.isBusy = isGrowing || trace.restlessAt !== null;
      trace.state = state;
      trace.stateAt = now;
    }
    trace.askedAt = now;
    const seen: Seen = {
      still: row === null ? now - Math.max(trace.stateAt, goneBefore) : Math.max(now - trace.stateAt, ageOf(row)),
      waited: trace.restlessAt === null ? 0 : now - trace.restlessAt,
      isBusy: trace.isBusy,
      isHot: isHot(trace.heat, now),
      isWatched: isWatching(),
    };
    const time = timeToWait(change, seen);
    if (time > 0) trace.restlessAt ??= now;
    else {
      if (!isQuiet(change, seen)) hurried.add(node);
      calm(node, trace, now);
    }
    return time;
  };

  /** By the disk's own clock; one that is ahead of ours tells nothing. A time of 0 is one too fresh to trust. */
  const ageOf = (row: LocalRow): number => (row.ctimeUs === 0 ? 0 : clock.now() - row.ctimeUs / 1000);

  const calm = (node: NodeId, trace: Trace, now: number): void => {
    trace.restlessAt = null;
    trace.isBusy = false;
    if (isCold(trace.heat, now)) traces.delete(node);
  };

  return {
    has: (node) => last.has(node),
    isHurried: (node) => hurried.has(node),
    look(read) {
      const now = clock.monotonic();
      forget(now);
      const waits = new Map<NodeId, number>();
      let soonest = Number.POSITIVE_INFINITY;
      const wait = (node: NodeId, time: number): void => {
        waits.set(node, time);
        soonest = Math.min(soonest, time);
      };
      const asked = new Set<NodeId>();
      const folders = new Map<RelativePath, DirtyNames>();
      const wasGone = gone;
      const isGone = new Set<NodeId>();
      const goneBefore = lastGoneAt;
      last = waits;
      hurried = new Set();
      gone = isGone;
      const isRestless = (node: NodeId, rows: RowReader = read): boolean => {
        if (asked.has(node)) return waits.has(node);
        asked.add(node);
        const row = rows.localRow(node);
        // Most of all: a first sync has very many of them.
        if (row !== null && !traces.has(node) && ageOf(row) > longestQuiet) return false;
        const synced = rows.synced(node);
        const successor =
          row === null && synced?.kind === 'file' ? rows.localByName(synced.parent, synced.localName) : null;
        if (successor !== null) {
          // What takes over its place in the vault is not quiet yet: it is no more deleted than that is written.
          if (!isRestless(successor.id, rows)) return false;
          wait(node, waits.get(successor.id) ?? 0);
          return true;
        }
        const change = changeOf(row, synced, isWatching());
        const isKnownGone = change?.what === 'gone' && wasGone.has(node);
        if (change?.what === 'gone' && !isKnownGone && traces.get(node)?.file !== '') lastGoneAt = now;
        const time = change === null || isKnownGone ? 0 : judge(node, change, row, now, goneBefore);
        if (time === 0 && change?.what === 'gone') isGone.add(node);
        if (time === 0) return false;
        wait(node, time);
        addDirty(folders, folderOf(read, row ?? synced), namesOf(row, synced));
        return true;
      };
      return {
        isRestless,
        wait: () => (waits.size === 0 ? null : { time: soonest, folders }),
      };
    },
    taken(plan, read) {
      const now = clock.monotonic();
      for (const op of plan.up) {
        if (op.type !== 'up-create-file' && op.type !== 'up-revise') continue;
        const row = read.localRow(op.node);
        // What is new and was quiet at once is not worth remembering: a first sync has very many.
        if (row === null || (op.type === 'up-create-file' && !traces.has(op.node) && row.size < 1024 * 1024)) continue;
        const trace = traceOf(op.node, row, now);
        trace.heat = heatUp(trace.heat, row.size, now);
        trace.taken = { size: row.size, at: now };
      }
    },
  };
}

const fileOf = (row: LocalRow | null): string => (row === null ? '' : `${row.ino} ${row.parent}/${row.name}`);
const stateOf = (row: LocalRow | null): string => (row === null ? '' : `${row.size} ${row.mtimeUs}`);

/** Null: nothing that has to become quiet, as for folders and for changes that come from the vault. */
function changeOf(row: LocalRow | null, synced: SyncedNode | null, isWatching: boolean): Change | null {
  if (row === null) return synced?.kind === 'file' && isWatching ? { what: 'gone' } : null;
  if (row.kind !== 'file') return null;
  if (synced === null || row.revision !== synced.revision) {
    return {
      what: 'content',
      size: row.size,
      isNew: synced === null,
      isUnfinished: synced === null && (isUnfinishedName(row.name) || mayBeBackupName(row.name)),
    };
  }
  if (!isMovedLocally(row, synced)) return null;
  const isSetAside = isWatching && row.parent === synced.parent && isBackupName(row.name, synced.localName);
  return { what: 'place', isSetAside };
}

const folderOf = (read: IndexReader, place: { readonly parent: NodeId } | null): RelativePath =>
  (place === null ? null : localPath(read, place.parent)) ?? rootPath;

/** Where to look for it: what is gone may be under any name; what was set aside may come back to the one that it had. */
function namesOf(row: LocalRow | null, synced: SyncedNode | null): DirtyNames {
  if (row === null) return 'all';
  return new Set(synced?.parent === row.parent ? [row.name, synced.localName] : [row.name]);
}
