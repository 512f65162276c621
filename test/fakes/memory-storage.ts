import { isEqual } from '../../src/common/bytes.ts';
import { HoldfastError } from '../../src/common/errors.ts';
import type { ObjectId, VaultId } from '../../src/common/ids.ts';
import { parseCheckpointHeader } from '../../src/crypto/checkpoint-header.ts';
import { hashEntry, parseEntryHeader } from '../../src/crypto/entry-header.ts';
import type { AppendOutcome, CallOptions, LogPage, StorageApi, VaultApi } from '../../src/remote/storage-api.ts';
import type { Checkpoint, Entry, Head } from '../../src/wire/types.ts';

interface MemoryVault {
  readonly entries: Entry[];
  readonly grants: Map<number, Uint8Array>;
  readonly objects: Map<ObjectId, Uint8Array>;
  checkpoint: Checkpoint | null;
}

export type MemoryVaultApi = Omit<VaultApi, 'createVault' | 'deleteVault' | 'listVaults' | 'quota'> &
  Pick<StorageApi, 'roundTrip'>;

/** The vault part of a server, in memory and honest: checks no signature, keeps every promise about order. */
export interface MemoryStorage {
  readonly api: MemoryVaultApi;
  addVault(vault: VaultId, genesis: Entry, grants: Uint8Array): void;
  vault(vault: VaultId): MemoryVault;
  /** What was called, in order: for tests that count. */
  readonly calls: string[];
  /** Sealed bytes of objects that were put. */
  readonly bytesPut: () => number;
  readonly bytesGot: () => number;
  /** Called before each call; throw to fail it. */
  before: (call: string) => void | Promise<void>;
}

export function memoryStorage(): MemoryStorage {
  const vaults = new Map<VaultId, MemoryVault>();
  const calls: string[] = [];
  let bytesPut = 0;
  let bytesGot = 0;

  const vaultOf = (id: VaultId): MemoryVault => {
    const vault = vaults.get(id);
    if (vault === undefined) throw new HoldfastError('missing', 'no such vault');
    return vault;
  };
  const headOf = ({ entries }: MemoryVault): Head => {
    const last = entries.at(-1);
    return { seq: entries.length, hash: last === undefined ? new Uint8Array(32) : hashEntry(last.header) };
  };
  const enter = async (call: string, options?: CallOptions): Promise<void> => {
    options?.signal?.throwIfAborted();
    calls.push(call);
    await storage.before(call);
  };
  const put = (vault: MemoryVault, id: ObjectId, bytes: Uint8Array): void => {
    const known = vault.objects.get(id);
    if (known !== undefined && !isEqual(known, bytes)) {
      throw new HoldfastError('refused', 'object differs', { reason: 'object-differs' });
    }
    if (known === undefined) bytesPut += bytes.length;
    vault.objects.set(id, bytes.slice());
  };

  const api: MemoryVaultApi = {
    roundTrip: () => 0,
    async getLog(id, after, options): Promise<LogPage> {
      await enter('getLog', options);
      const vault = vaultOf(id);
      const maxBytes = options?.maxBytes ?? Number.POSITIVE_INFINITY;
      let bytes = 0;
      const page = vault.entries.slice(after, after + (options?.maxCount ?? 100)).filter(({ ciphertext }, at) => {
        bytes += ciphertext.length;
        return at === 0 || bytes <= maxBytes;
      });
      return { entries: page, head: headOf(vault), isLast: after + page.length >= vault.entries.length };
    },
    async appendEntry(id, entry, options): Promise<AppendOutcome> {
      await enter('appendEntry', options);
      const vault = vaultOf(id);
      for (const object of options?.objects ?? []) put(vault, object.id, object.bytes);
      const header = parseEntryHeader(entry.header);
      const known = vault.entries[header.seq - 1];
      if (known !== undefined) {
        const hash = hashEntry(known.header);
        if (isEqual(hash, hashEntry(entry.header))) return { status: 'done', head: { seq: header.seq, hash } };
        return { status: 'moved', head: headOf(vault), entries: vault.entries.slice(header.seq - 1) };
      }
      const head = headOf(vault);
      if (header.seq !== head.seq + 1 || !isEqual(header.prevHash, head.hash)) {
        return { status: 'moved', head, entries: [] };
      }
      const missing = entry.retained.filter((object) => !vault.objects.has(object));
      if (missing.length > 0) return { status: 'objects-missing', missing };
      if (options?.grants !== undefined) vault.grants.set(header.epoch, options.grants);
      vault.entries.push(entry);
      return { status: 'done', head: headOf(vault) };
    },
    async getGrants(id, epoch, options) {
      await enter('getGrants', options);
      const grants = vaultOf(id).grants.get(epoch);
      if (grants === undefined) throw new HoldfastError('missing', 'no such grants');
      return grants;
    },
    async getCheckpoint(id, options) {
      await enter('getCheckpoint', options);
      return vaultOf(id).checkpoint;
    },
    async putCheckpoint(id, checkpoint, options) {
      await enter('putCheckpoint', options);
      const vault = vaultOf(id);
      const last = vault.checkpoint;
      if (last !== null && isEqual(last.body, checkpoint.body)) return;
      if (last !== null && parseCheckpointHeader(last.body).seq >= parseCheckpointHeader(checkpoint.body).seq) {
        throw new HoldfastError('conflict', 'there is a later checkpoint', { reason: 'checkpoint-old' });
      }
      vault.checkpoint = checkpoint;
    },
    async putObjects(id, objects, options) {
      await enter('putObjects', options);
      const vault = vaultOf(id);
      for (const object of objects) put(vault, object.id, object.bytes);
    },
    async *getObjects(id, ids, options) {
      await enter('getObjects', options);
      const vault = vaultOf(id);
      for (const object of ids) {
        const bytes = vault.objects.get(object)?.slice() ?? null;
        bytesGot += bytes?.length ?? 0;
        yield { id: object, bytes };
      }
    },
    async getObject(id, object, options) {
      await enter('getObject', options);
      const bytes = vaultOf(id).objects.get(object);
      if (bytes === undefined) throw new HoldfastError('missing', 'no such object');
      return bytes.slice(options?.range?.start, options?.range?.end);
    },
    async heldObjects(id, ids, options) {
      await enter('heldObjects', options);
      const vault = vaultOf(id);
      return new Set(ids.filter((object) => vault.objects.has(object)));
    },
  };

  const storage: MemoryStorage = {
    api,
    calls,
    bytesPut: () => bytesPut,
    bytesGot: () => bytesGot,
    before: () => undefined,
    vault: vaultOf,
    addVault(id, genesis, grants) {
      vaults.set(id, {
        entries: [genesis],
        grants: new Map([[1, grants]]),
        objects: new Map(),
        checkpoint: null,
      });
    },
  };
  return storage;
}
