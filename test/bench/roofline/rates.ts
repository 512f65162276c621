/**
 * What the machine does at best, by the same primitives that Holdfast uses and nothing around them. Processor seconds,
 * user and system, but for those that say that they wait.
 */
export interface Rates {
  /** Each for a mebibyte, in pieces of 4 MiB. */
  readonly perMib: {
    /** Reading a file that is in memory. */
    readonly read: number;
    /** The keyed hash by which the device knows a chunk again. */
    readonly hash: number;
    /** AES-256-GCM, and the SHA-256 of what comes out. */
    readonly seal: number;
    /** SHA-256 of what arrived, and AES-256-GCM. */
    readonly open: number;
    /** Both ends of a TCP connection over loopback. */
    readonly sendAndReceive: number;
    /** The copy into the system's memory. */
    readonly write: number;
    /** Time that passes until what is written is on the disk. */
    readonly diskWait: number;
  };
  /** Each for a file of 16 KiB. */
  readonly perFile: {
    /** Finding it, opening it, reading it. */
    readonly read: number;
    readonly seal: number;
    readonly open: number;
    /** Making it under another name, writing it, renaming it. */
    readonly write: number;
  };
}
