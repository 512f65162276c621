import type { Line } from '../line/through-line.ts';
import type { Tools } from '../measure/tools.ts';

/** Folders of one contest, all empty and on one volume. */
export interface Place {
  readonly root: string;
  /** The folders of the devices: the first one is where the data is made. */
  readonly folders: readonly [a: string, b: string, ...more: string[]];
  /** Where the server keeps what it is given. */
  readonly server: string;
  /** For configuration, caches and databases. */
  readonly state: string;
  /** By which the server is reached; null: it is near. Only who takes part in that workload heeds it. */
  readonly line: Line | null;
}

/** A program that a user might pick, ready to be measured: servers run, accounts and repositories exist. */
export interface Contestant {
  readonly tools: Tools;
  /** What the first device's folder holds, to the server. Null for those without one. */
  readonly up: (() => Promise<void>) | null;
  /** What the server holds, into the second device's folder. */
  readonly down: (() => Promise<void>) | null;
  /** From the first device's folder straight into the second one's; null for those with a server between them. */
  readonly across: (() => Promise<void>) | null;
  close(): Promise<void>;
}

/** The same with programs that stay and watch, on every folder of the place. */
export interface LiveContestant {
  readonly tools: Tools;
  /** Resolves when every device says that it has nothing to do. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  /** What exactly is measured, for the table. */
  readonly title: string;
  readonly isEncrypted: boolean;
  /** Whether it carries its data over HTTP or another connection; else the server is a folder on this disk. */
  readonly isRemote: boolean;
  /** Whether `down` brings a folder that is not empty to the server's state, deletions included. */
  readonly isSync: boolean;
  /** What has to be installed. */
  readonly programs: readonly string[];
  /** Words that print its version. */
  readonly version: readonly string[];
  open(place: Place): Promise<Contestant>;
  /** Null for those that do not watch. With one folder only, no other device is there. */
  readonly live: ((place: Place, count: number) => Promise<LiveContestant>) | null;
}
