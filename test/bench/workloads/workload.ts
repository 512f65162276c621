import type { Cost } from '../measure/measure.ts';
import type { Peer } from '../peers/peer.ts';
import type { Size } from '../sizes.ts';
import type { Volume } from '../volume.ts';

/** One contestant's turn at one workload. */
export interface Turn {
  readonly peer: Peer;
  /** A folder that is shared by all turns of a run, for data that is made once. */
  readonly base: string;
  readonly size: Size;
  /** Whether that measure is asked for: `W3`, say. */
  readonly wants: (workload: string) => boolean;
  readonly record: (measure: string, volume: Volume, numbers: Readonly<Record<string, number>> | Cost) => void;
}

export interface Workload {
  /** What it measures; those that follow from the first need it to run. */
  readonly ids: readonly string[];
  /** Whether that contestant can take part. */
  readonly fits: (peer: Peer) => boolean;
  /** Gets what it needs from the network, before the run is cut off from it. */
  readonly fetch?: (size: Size) => Promise<void>;
  /** Makes what all turns share, before anything is measured; says why not if it cannot. */
  readonly prepare?: (base: string, size: Size) => Promise<string | null>;
  readonly run: (turn: Turn) => Promise<void>;
}
