import type { ObjectIndex, ObjectKey, Place, PlacedObject } from './metadata-store.ts';

/**
 * The objects' bytes. A port: files on a local disk by default, an object store service at scale. It keeps no index:
 * places that it answers are recorded by the metadata store, and only what is recorded there counts as held.
 *
 * Contract:
 * - `put` calls `record` when the objects are durable (bytes, names and folders), and settles as that does. Sweeping leaves
 *   them alone until then. Nothing that was put before changes.
 * - What was put and not recorded (a crash, a full disk between the two) is waste, which `sweep` clears away.
 * - `read` answers exactly the bytes that were put, or null if they are gone or damaged; never others.
 * - All calls may run side by side.
 */
export interface ObjectStore {
  /** Places in the order of `objects`. Rejects with `io` (reason `disk`) if they cannot be written; then nothing is recorded. */
  put<T>(objects: readonly StoredObject[], record: (places: readonly Place[]) => Promise<T>): Promise<T>;
  /** In the order of `objects`; many small neighbours are read at once, into one buffer from `allocate`. */
  read(objects: readonly PlacedObject[], allocate?: Allocate): Promise<(Buffer | null)[]>;
  /** The bytes are no longer recorded anywhere. Best effort; what is left over is found by `sweep`, at a later start at the latest. */
  free(objects: readonly PlacedObject[]): Promise<void>;
  /**
   * Clears away waste of earlier starts, and rewrites shared files that are mostly waste, in short steps that end early
   * when `signal` aborts. Answers the bytes given back to the disk.
   */
  sweep(index: SweepIndex, signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

/** A buffer of this length, with anything in it. */
export type Allocate = (length: number) => Buffer;

export interface StoredObject {
  readonly key: ObjectKey;
  readonly bytes: Uint8Array;
}

/** What sweeping asks of the metadata store's index. */
export type SweepIndex = Pick<ObjectIndex, 'packs' | 'inFile' | 'isPlaced' | 'move'>;
