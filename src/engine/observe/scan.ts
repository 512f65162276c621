import type { NodeId } from '../../common/ids.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import type { DirtyNames } from '../../model/dirty-folders.ts';
import type { Entry } from '../../model/stat.ts';
import type { LocalContext } from '../context.ts';
import type { BareHusk } from '../husks.ts';
import type { Pairing } from './folder-diff.ts';
import { type LocalChanges, localChanges } from './local-changes.ts';
import { racyFrom } from './racy-from.ts';
import { type Found, type Look, type Place, startPlaces, wantedPaths } from './scan-places.ts';
import type { ScanOptions, Unsynced } from './scan-report.ts';

/** An entry that took the name of a row's thing. */
export interface Replaced {
  readonly parent: Place;
  readonly pairing: Pairing;
}

/** A file that may hold other content than its row says; only reading it tells. */
export interface Doubtful {
  readonly row: LocalRow;
  readonly place: RelativePath;
  readonly entry: Entry;
}

/** What one scan knows so far. */
export interface Scan {
  readonly context: LocalContext;
  readonly options: ScanOptions;
  readonly changes: LocalChanges;
  /** As of its start. */
  readonly aheadMs: number;
  readonly racyFrom: number;
  readonly unsynced: Map<string, Unsynced>;
  readonly unsettled: Map<RelativePath, DirtyNames>;
  readonly listed: Set<RelativePath>;
  areRulesChanged: boolean;
  /** Of contents that no revision is known to have. */
  newBytes: number;
  /** Whether a folder at that path is to be listed. */
  readonly isWanted: (path: RelativePath) => boolean;
  /** Folders that are still to be listed. */
  readonly queue: Place[];
  /** By node: those where a look at some names may do, unless they are listed. */
  readonly looks: Map<NodeId, Look>;
  /** Entries that were looked at so. */
  readonly seen: Set<RelativePath>;
  /** Rows that are not at their place any more, until they are found elsewhere. */
  readonly vanished: Map<NodeId, LocalRow>;
  readonly relocated: Set<NodeId>;
  readonly listedNodes: Set<NodeId>;
  /** Found where they were: folders by looking at the folder above, files by looking at their names. */
  readonly inPlace: Set<NodeId>;
  /** Folders whose node another folder has taken over with their name. */
  readonly passedOn: Set<NodeId>;
  readonly replacedFolders: Replaced[];
  readonly replacedFiles: Replaced[];
  /** Files whose identity the index knows from another place. */
  readonly familiar: Found[];
  readonly doubtful: Doubtful[];
  readonly bareHusks: BareHusk[];
}

export const newScan = (context: LocalContext, options: ScanOptions, aheadMs: number): Scan => ({
  context,
  options,
  changes: localChanges(context.index),
  aheadMs,
  racyFrom: racyFrom(context, aheadMs),
  unsynced: new Map(),
  unsettled: new Map(),
  listed: new Set(),
  areRulesChanged: false,
  newBytes: 0,
  isWanted: wantedPaths(options.scope, context.traits.nameRules),
  ...startPlaces(context, options.scope),
  seen: new Set(),
  vanished: new Map(),
  relocated: new Set(),
  listedNodes: new Set(),
  inPlace: new Set(),
  passedOn: new Set(),
  replacedFolders: [],
  replacedFiles: [],
  familiar: [],
  doubtful: [],
  bareHusks: [],
});
