import { isEqual, toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import type { AccountId, DeviceId, ObjectId, VaultId } from '../../src/common/ids.ts';
import type {
  AppendResult,
  ChainChange,
  EntryRow,
  MetadataStore,
  NewObject,
  PageLimit,
  Place,
  PlacedObject,
  StoredEvent,
  StoredSession,
  VaultState,
} from '../../src/server/metadata-store.ts';
import { objectOverheadBytes } from '../../src/wire/limits.ts';
import type { Checkpoint, Head, SignedRecord } from '../../src/wire/types.ts';

interface Account {
  email: string;
  record: SignedRecord;
  readonly events: StoredEvent[];
}

interface HeldObject {
  place: Place;
  isRetained: boolean;
  isListed: boolean;
  expires: number | null;
}

interface Vault {
  /** Null: it was removed. */
  account: AccountId | null;
  readonly entries: EntryRow[];
  readonly objects: Map<ObjectId, HeldObject>;
  checkpoint: { readonly seq: number; readonly checkpoint: Checkpoint } | null;
}

const nobody = 'ff'.repeat(16) as AccountId;

function page<T>(items: readonly T[], { maxBytes, maxCount }: PageLimit, sizeOf: (item: T) => number): T[] {
  const taken: T[] = [];
  let bytes = 0;
  for (const item of items.slice(0, maxCount)) {
    bytes += sizeOf(item);
    if (taken.length > 0 && bytes > maxBytes) break;
    taken.push(item);
  }
  return taken;
}

/** What a metadata store holds; one that is made on it shares it. */
export interface MemoryMetadata {
  readonly accounts: Map<AccountId, Account>;
  readonly vaults: Map<VaultId, Vault>;
  readonly sessions: Map<string, StoredSession>;
}

export const emptyMetadata = (): MemoryMetadata => ({ accounts: new Map(), vaults: new Map(), sessions: new Map() });

/** As of now, whatever becomes of the store. */
export const copiedMetadata = ({ accounts, vaults, sessions }: MemoryMetadata): MemoryMetadata => ({
  accounts: new Map([...accounts].map(([id, account]) => [id, { ...account, events: [...account.events] }])),
  vaults: new Map(
    [...vaults].map(([id, vault]) => {
      const objects = new Map([...vault.objects].map(([object, held]) => [object, { ...held }]));
      return [id, { ...vault, entries: [...vault.entries], objects }];
    }),
  ),
  sessions: new Map(sessions),
});

/** The metadata store in memory: the contract in its plainest form. `start` is that of the only run it has. */
export function createMemoryMetadata({ accounts, vaults, sessions } = emptyMetadata()): MetadataStore {
  const headOf = ({ events }: Account): Head => {
    const last = events.at(-1);
    return { seq: last?.seq ?? 0, hash: last?.hash ?? new Uint8Array(32) };
  };
  const isSame = (a: Head, b: Head): boolean => a.seq === b.seq && isEqual(a.hash, b.hash);
  const vaultsOf = (account: AccountId): [VaultId, Vault][] =>
    [...vaults].filter(([, { account: of }]) => of === account);
  const liveVault = (id: VaultId): (Vault & { readonly account: AccountId }) | null => {
    const vault = vaults.get(id);
    return vault?.account != null && accounts.has(vault.account) ? (vault as Vault & { account: AccountId }) : null;
  };
  const cost = (objects: Iterable<HeldObject>): number => {
    let sum = 0;
    for (const { place } of objects) sum += place.length + objectOverheadBytes;
    return sum;
  };
  const used = (account: AccountId): number => {
    let sum = 0;
    for (const [, { objects }] of vaultsOf(account)) sum += cost(objects.values());
    return sum;
  };
  const holderOf = (email: string): AccountId | null => [...accounts].find(([, of]) => of.email === email)?.[0] ?? null;

  function appendChain({ account, expected, event }: ChainChange): 'done' | 'moved' {
    const of = accounts.get(account);
    if (of === undefined || !isSame(headOf(of), expected)) return 'moved';
    of.events.push(event);
    return 'done';
  }

  function stateOf(id: VaultId, { account, entries, objects, checkpoint }: Vault): VaultState {
    const last = must(entries.at(-1));
    const begins = must(entries.findLast(({ grants }) => grants !== null));
    let bytes = 0;
    for (const { place } of objects.values()) bytes += place.length;
    return {
      vault: id,
      account: account ?? nobody,
      head: { seq: last.seq, hash: last.hash },
      epoch: begins.epoch,
      epochPosition: begins.accountPosition,
      accountPosition: last.accountPosition,
      objects: objects.size,
      bytes,
      checkpointSeq: checkpoint?.seq ?? 0,
    };
  }

  function record(id: VaultId, objects: readonly NewObject[], quota: number | null, expires: number) {
    const vault = liveVault(id);
    if (vault === null) return { status: 'missing' } as const;
    const fresh = new Map<ObjectId, NewObject>();
    const spare: NewObject[] = [];
    for (const object of objects) {
      if (fresh.has(object.id) || vault.objects.has(object.id)) spare.push(object);
      else fresh.set(object.id, object);
    }
    let more = 0;
    for (const { place } of fresh.values()) more += place.length + objectOverheadBytes;
    if (quota !== null && more > 0 && used(vault.account) + more > quota) return { status: 'quota' } as const;
    for (const { id: object, place } of fresh.values()) {
      vault.objects.set(object, { place, isRetained: false, isListed: false, expires });
    }
    for (const { id: object } of spare) {
      const held = vault.objects.get(object);
      if (held !== undefined && held.expires !== null) held.expires = Math.max(held.expires, expires);
    }
    return { status: 'done', spare } as const;
  }

  const missingOf = (vault: Vault, ids: readonly ObjectId[]): ObjectId[] => ids.filter((id) => !vault.objects.has(id));

  const placed = (vault: VaultId, id: ObjectId, { place }: HeldObject): PlacedObject => ({ vault, id, place });
  function* allObjects(): Generator<[VaultId, ObjectId, HeldObject]> {
    for (const [vault, { objects }] of vaults) for (const [id, held] of objects) yield [vault, id, held];
  }

  return {
    start: 1,
    secret: new Uint8Array(32).fill(7),
    close: async () => undefined,
    accounts: {
      create: async ({ account, email, record: signed, events }) => {
        if (accounts.has(account)) return 'exists';
        if (holderOf(email) !== null) return 'email-taken';
        accounts.set(account, { email, record: signed, events: [...events] });
        return 'done';
      },
      byEmail: async (email) => holderOf(email),
      record: async (account) => accounts.get(account)?.record ?? null,
      head: async (account) => {
        const of = accounts.get(account);
        return of === undefined ? null : headOf(of);
      },
      events: async (account, after, limit) =>
        page(accounts.get(account)?.events.slice(after) ?? [], limit, ({ event }) => event.length),
      append: async (change, with_) => {
        if (with_ !== undefined && ![null, change.account].includes(holderOf(with_.email))) return 'email-taken';
        if (appendChain(change) === 'moved') return 'moved';
        const of = must(accounts.get(change.account));
        if (with_ !== undefined) {
          of.record = with_.signed;
          of.email = with_.email;
        }
        return 'done';
      },
      remove: async (account) => {
        if (!accounts.delete(account)) return 'missing';
        for (const [key, session] of sessions) if (session.account === account) sessions.delete(key);
        return 'done';
      },
      used: async (account) => used(account),
      pending: async (account) =>
        vaultsOf(account).reduce(
          (sum, [, { objects }]) => sum + cost([...objects.values()].filter(({ expires }) => expires !== null)),
          0,
        ),
    },
    sessions: {
      put: async (session) => {
        if (accounts.has(session.account)) sessions.set(toHex(session.tokenHash), session);
      },
      find: async (tokenHash) => sessions.get(toHex(tokenHash)) ?? null,
      remove: async (tokenHash) => {
        sessions.delete(toHex(tokenHash));
      },
      removeOf: async (account, devicePublic, which) => {
        for (const [key, session] of sessions) {
          const isThis = isEqual(session.devicePublic, devicePublic);
          if (session.account === account && isThis === (which === 'this')) sessions.delete(key);
        }
      },
      removeExpired: async (now) => {
        const gone = [...sessions].filter(([, { expires }]) => expires <= now);
        for (const [key] of gone) sessions.delete(key);
        return gone.length;
      },
    },
    vaults: {
      create: async (change, id, row) => {
        if (vaults.has(id)) return 'exists';
        if (appendChain(change) === 'moved') return 'moved';
        vaults.set(id, { account: change.account, entries: [row], objects: new Map(), checkpoint: null });
        return 'done';
      },
      remove: async (account, id) => {
        const vault = vaults.get(id);
        if (vault?.account !== account) return 'missing';
        vault.account = null;
        return 'done';
      },
      state: async (id) => {
        const vault = vaults.get(id);
        return vault === undefined ? null : stateOf(id, vault);
      },
      ofAccount: async (account) => vaultsOf(account).map(([id, vault]) => stateOf(id, vault)),
      deviceSeq: async (id, device: DeviceId) =>
        vaults.get(id)?.entries.findLast((row) => row.device === device)?.deviceSeq ?? 0,
      entryHash: async (id, seq) => vaults.get(id)?.entries[seq - 1]?.hash ?? null,
      entries: async (id, after, limit, withLists) => {
        const rows = vaults.get(id)?.entries.slice(after) ?? [];
        const sizeOf = ({ entry }: EntryRow): number =>
          entry.header.length +
          entry.signature.length +
          entry.ciphertext.length +
          (withLists ? 16 * (entry.retained.length + entry.released.length) : 0);
        return page(rows, limit, sizeOf).map(({ entry }) =>
          withLists ? entry : { ...entry, retained: null, released: null },
        );
      },
      append: async (entry): Promise<AppendResult> => {
        const vault = liveVault(entry.vault);
        if (vault === null) return { status: 'missing' };
        const { status } = record(entry.vault, entry.objects, entry.quota, entry.unreferencedUntil);
        if (status !== 'done') return { status };
        const { head } = stateOf(entry.vault, vault);
        if (head.seq !== entry.expected.seq) return { status: 'moved' };
        const missing = missingOf(vault, entry.row.entry.retained);
        if (missing.length > 0) return { status: 'objects-missing', missing };
        if (!isSame(head, entry.expected)) return { status: 'moved' };
        vault.entries.push(entry.row);
        for (const id of entry.row.entry.retained)
          Object.assign(must(vault.objects.get(id)), { isRetained: true, expires: null });
        for (const id of entry.row.entry.released) {
          const held = vault.objects.get(id);
          if (held === undefined || !held.isRetained) continue;
          held.isRetained = false;
          held.expires = held.isListed ? null : entry.releasedUntil;
        }
        return { status: 'done' };
      },
      grants: async (id, epoch) =>
        vaults.get(id)?.entries.find((row) => row.grants !== null && row.epoch === epoch)?.grants ?? null,
      checkpoint: async (id) => vaults.get(id)?.checkpoint?.checkpoint ?? null,
      putCheckpoint: async (id, seq, checkpoint, releasedUntil) => {
        const vault = liveVault(id);
        if (vault === null) return { status: 'missing' };
        if (vault.checkpoint !== null && vault.checkpoint.seq >= seq) return { status: 'old' };
        const missing = missingOf(vault, checkpoint.pages);
        if (missing.length > 0) return { status: 'objects-missing', missing };
        for (const page_ of vault.checkpoint?.checkpoint.pages ?? []) {
          const held = vault.objects.get(page_);
          if (held === undefined || checkpoint.pages.includes(page_)) continue;
          held.isListed = false;
          held.expires = held.isRetained ? null : releasedUntil;
        }
        for (const page_ of checkpoint.pages)
          Object.assign(must(vault.objects.get(page_)), { isListed: true, expires: null });
        vault.checkpoint = { seq, checkpoint };
        return { status: 'done' };
      },
      removeForsaken: async (now, limit) => {
        let count = 0;
        for (const [id, vault] of vaults) {
          if (liveVault(id) !== null) continue;
          for (const held of vault.objects.values()) {
            if (count >= limit || (held.expires !== null && held.expires <= now)) continue;
            Object.assign(held, { isRetained: false, isListed: false, expires: now });
            count++;
          }
          if (vault.objects.size > 0) continue;
          vaults.delete(id);
          count++;
        }
        return count;
      },
    },
    objects: {
      find: async (id, ids) => {
        const found = new Map<ObjectId, Place>();
        for (const object of ids) {
          const held = vaults.get(id)?.objects.get(object);
          if (held !== undefined) found.set(object, held.place);
        }
        return found;
      },
      add: async (id, objects, { quota, unreferencedUntil }) => {
        return record(id, objects, quota, unreferencedUntil);
      },
      removeExpired: async (now, limit) => {
        const due = [...allObjects()]
          .filter(([, , { expires }]) => expires !== null && expires <= now)
          .sort(([, , a], [, , b]) => (a.expires ?? 0) - (b.expires ?? 0))
          .slice(0, limit);
        for (const [vault, id] of due) vaults.get(vault)?.objects.delete(id);
        return due.map(([vault, id, held]) => placed(vault, id, held));
      },
      packs: async () => {
        const packs = new Map<number, number>();
        for (const [, , { place }] of allObjects()) {
          if (place.offset > 0) packs.set(place.file, (packs.get(place.file) ?? 0) + place.length);
        }
        return [...packs].map(([file, bytes]) => ({ file, bytes }));
      },
      inFile: async (file, after, limit) =>
        [...allObjects()]
          .filter(([, , { place }]) => place.file === file && place.offset > Math.max(0, after))
          .sort(([, , a], [, , b]) => a.place.offset - b.place.offset)
          .slice(0, limit)
          .map(([vault, id, held]) => placed(vault, id, held)),
      isPlaced: async (objects) =>
        objects.map(({ key, file }) => vaults.get(key.vault)?.objects.get(key.id)?.place.file === file),
      move: async (moves) => {
        for (const { key, from, to } of moves) {
          const held = vaults.get(key.vault)?.objects.get(key.id);
          if (held !== undefined && held.place.file === from.file && held.place.offset === from.offset) held.place = to;
        }
      },
    },
  };
}
