import { crc32 } from 'node:zlib';
import type { Clock } from '../common/clock.ts';
import { isKind } from '../common/errors.ts';
import type { AccountId, ObjectId, VaultId } from '../common/ids.ts';
import type { Frame } from '../wire/frame.ts';
import { maxObjectBytes, objectOverheadBytes } from '../wire/limits.ts';
import { failure, overQuota } from './failure.ts';
import { memberVault, noVault } from './membership.ts';
import type { MetadataStore, NewObject, Place, PlacedObject } from './metadata-store.ts';
import type { Allocate, ObjectStore, StoredObject } from './object-store.ts';
import type { Grace } from './vaults.ts';

export interface Objects {
  /**
   * Sets `bytes` of the account's quota aside for an upload that is about to be read; given back by the result. Throws
   * `limit` if there is not that much left.
   */
  reserve(account: AccountId, bytes: number): Promise<() => void>;
  /** Durable when it resolves. Throws `refused` (`object-differs`) if an id is taken by other bytes. */
  put(account: AccountId, vault: VaultId, objects: readonly Frame[]): Promise<void>;
  /** As `put`, but `record` does the recording, with what else has to happen then. */
  putWith<T>(
    account: AccountId,
    vault: VaultId,
    objects: readonly Frame[],
    record: (objects: readonly NewObject[]) => Promise<T>,
  ): Promise<T>;
  /** Where those held are, in the order asked for; those not held are left out. */
  find(account: AccountId, vault: VaultId, ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, Place>>;
  /** What was found; what is damaged, or gone meanwhile, is left out. */
  read(
    vault: VaultId,
    found: ReadonlyMap<ObjectId, Place>,
    allocate?: Allocate,
  ): Promise<ReadonlyMap<ObjectId, Uint8Array>>;
}

interface ObjectParts {
  readonly metadata: MetadataStore;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly grace: Grace;
  readonly quota: number | null;
  /** Called for each object that is not as it was stored. */
  readonly onDamage: (vault: VaultId, id: ObjectId) => void;
}

export function createObjects({ metadata, store, clock, grace, quota, onDamage }: ObjectParts): Objects {
  const { accounts, objects: index, vaults } = metadata;
  const reserved = new Map<AccountId, number>();

  function checkShape(objects: readonly Frame[]): void {
    const ids = new Set<ObjectId>();
    for (const { id, bytes } of objects) {
      if (bytes.length === 0 || bytes.length > maxObjectBytes) {
        throw failure('limit', 'too-large', `An object has 1 to ${maxObjectBytes} bytes.`);
      }
      if (ids.has(id)) throw failure('usage', 'frames', 'An object is given twice.');
      ids.add(id);
    }
  }

  /** Those not held yet. Those that are held must have the same bytes; a damaged one is healed by the bytes given. */
  async function freshOf(vault: VaultId, objects: readonly Frame[]): Promise<readonly Frame[]> {
    const held = await index.find(
      vault,
      objects.map(({ id }) => id),
    );
    if (held.size === 0) return objects;
    const there = objects.flatMap((frame) => {
      const place = held.get(frame.id);
      return place === undefined ? [] : [{ frame, placed: { vault, id: frame.id, place } }];
    });
    const found = await readPlaced(there.map(({ placed }) => placed));
    for (const [at, { frame, placed }] of there.entries()) await compare(frame, placed, found[at] ?? null);
    return objects.filter(({ id }) => !held.has(id));
  }

  async function compare(frame: Frame, { vault, id, place }: PlacedObject, found: Uint8Array | null): Promise<void> {
    const isSame =
      found === null
        ? place.length === frame.bytes.length && place.crc === crc32(frame.bytes)
        : Buffer.compare(found, frame.bytes) === 0;
    if (!isSame) throw failure('refused', 'object-differs', 'This object id is taken by other bytes; use a new id.');
    if (found !== null) return;
    await store.put([{ key: { vault, id }, bytes: frame.bytes }], ([to]) =>
      to === undefined ? Promise.resolve() : index.move([{ key: { vault, id }, from: place, to }]),
    );
  }

  /** Reads again where the place has changed meanwhile, as when a pack was rewritten. */
  async function readPlaced(objects: readonly PlacedObject[], allocate?: Allocate): Promise<(Buffer | null)[]> {
    const found = await store.read(objects, allocate);
    for (const [at, object] of objects.entries()) {
      if (found[at] !== null) continue;
      const place = (await index.find(object.vault, [object.id])).get(object.id);
      if (place === undefined) continue;
      const isMoved = place.file !== object.place.file || place.offset !== object.place.offset;
      const again = isMoved ? ((await store.read([{ ...object, place }], allocate))[0] ?? null) : null;
      found[at] = again;
      if (again === null) onDamage(object.vault, object.id);
    }
    return found;
  }

  /**
   * What was not recorded: it was refused, or someone else put the same ids at the same time, and was first. Only where the
   * index says so; what stays is found by the sweep, as are packs.
   */
  async function freeSpare(vault: VaultId, objects: readonly NewObject[]): Promise<void> {
    const alone = objects.filter(({ place }) => place.offset === 0);
    if (alone.length === 0) return;
    const held = await index.find(
      vault,
      alone.map(({ id }) => id),
    );
    const spare = alone.filter(({ id, place }) => held.get(id)?.file !== place.file);
    await store.free(spare.map(({ id, place }) => ({ vault, id, place })));
  }

  /** Keeps off the disk what would be refused when it is recorded. */
  async function checkRoom(account: AccountId, objects: readonly Frame[]): Promise<void> {
    if (quota === null) return;
    const cost = objects.reduce((sum, { bytes }) => sum + bytes.length + objectOverheadBytes, 0);
    if ((await accounts.used(account)) + cost > quota) throw overQuota();
  }

  async function putWith<T>(
    account: AccountId,
    vault: VaultId,
    objects: readonly Frame[],
    record: (objects: readonly NewObject[]) => Promise<T>,
  ): Promise<T> {
    await memberVault(vaults, account, vault);
    checkShape(objects);
    const fresh = objects.length === 0 ? objects : await freshOf(vault, objects);
    if (fresh.length === 0) return record([]);
    await checkRoom(account, fresh);
    const stored: StoredObject[] = fresh.map(({ id, bytes }) => ({ key: { vault, id }, bytes }));
    return store.put(stored, async (places) => {
      const recorded = fresh.map(({ id }, at) => ({ id, place: places[at] as Place }));
      let isKnown = true;
      try {
        return await record(recorded);
      } catch (error) {
        // After a failed commit nobody knows what the database will hold when it is opened again.
        isKnown = !isKind(error, 'io');
        throw error;
      } finally {
        if (isKnown) await freeSpare(vault, recorded).catch(() => undefined);
      }
    });
  }

  return {
    putWith,
    reserve: async (account, bytes) => {
      if (quota !== null) {
        const ahead = reserved.get(account) ?? 0;
        if ((await accounts.used(account)) + ahead + bytes > quota) throw overQuota();
      }
      reserved.set(account, (reserved.get(account) ?? 0) + bytes);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (reserved.get(account) ?? 0) - bytes;
        if (left > 0) reserved.set(account, left);
        else reserved.delete(account);
      };
    },
    put: async (account, vault, objects) => {
      const spare = await putWith(account, vault, objects, async (recorded) => {
        if (recorded.length === 0) return [];
        const unreferencedUntil = clock.now() + grace.unreferenced;
        const result = await index.add(vault, recorded, { quota, unreferencedUntil });
        if (result.status !== 'done') throw result.status === 'quota' ? overQuota() : noVault();
        return result.spare;
      });
      if (spare.length === 0) return;
      // What somebody else put at the same time must be the same.
      const ids = new Set(spare.map(({ id }) => id));
      await freshOf(
        vault,
        objects.filter(({ id }) => ids.has(id)),
      );
    },
    find: async (account, vault, ids) => {
      await memberVault(vaults, account, vault);
      return index.find(vault, ids);
    },
    read: async (vault, found, allocate) => {
      const placed = [...found].map(([id, place]) => ({ vault, id, place }));
      const read = await readPlaced(placed, allocate);
      return new Map(placed.flatMap(({ id }, at) => (read[at] ? [[id, read[at]]] : [])));
    },
  };
}
