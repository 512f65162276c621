import type { Clock } from '../../common/clock.ts';
import type { NodeId, Random, RevisionId } from '../../common/ids.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { Index, LocalRow } from '../../db/index-port.ts';
import type { FileSystem } from '../../local/file-system.ts';
import type { IgnoreRules } from '../../local/ignore-rules.ts';
import type { RemoteNode } from '../../model/node.ts';
import type { Stat } from '../../model/stat.ts';
import type { RoundEnd } from '../loop/round-end.ts';
import type { Semaphore } from '../transfer/semaphore.ts';
import type { TransferMeter } from '../transfer/transfer-meter.ts';
import type { UnderWay } from '../transfer/under-way.ts';
import type { Downloaded } from './download-content.ts';
import type { SmallContext } from './download-small.ts';

/** What the vault has of the nodes of a plan, mostly without reading it again. */
export interface PlannedContents {
  /** As it is now. */
  readonly remote: (node: NodeId) => RemoteNode | null;
}

/** What changing the local folder works with. */
export interface DownContext {
  readonly index: Index;
  readonly fs: FileSystem;
  readonly download: SmallContext;
  readonly meter: TransferMeter;
  readonly random: Random;
  readonly clock: Clock;
  readonly rows: PlannedContents;
  /** Files up to this size come together. */
  readonly smallBytes: number;
  /** Files that do not come with others. */
  readonly long: UnderWay<Downloaded>;
  readonly roundEnd: RoundEnd;
  readonly files: Semaphore;
  readonly ignore: IgnoreRules;
  /** Whether the file there holds that revision. */
  readonly isContentOf: (revision: RevisionId, path: RelativePath) => Promise<boolean>;
  /** The ctime to know a file by that was placed or moved just now; 0 if a further write of it could look the same. */
  readonly ctimeOf: (stat: Stat) => number;
  /** Names the trash of this round; the seq of the vault that it follows. */
  readonly batch: string;
  readonly isStopping: () => boolean;
}

/** What one round leaves to be finished at its end. */
export interface DownRun {
  /** Folders whose entries changed and are not synced to the medium yet. */
  readonly touchedFolders: Set<RelativePath>;
  /** Nodes in the stage on their way to another place. */
  readonly parked: Set<NodeId>;
  /** What failed on its way there may have left its place nevertheless. */
  mayHoldMore: boolean;
  /** What this round is to remove. */
  readonly going: ReadonlySet<NodeId>;
  /** Rules files that wait for the turn of their folder, by that. */
  readonly rulesOf: Map<NodeId, LocalRow>;
}
