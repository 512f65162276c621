import { HoldfastError } from '../../../src/common/errors.ts';
import type { ObjectId, VaultId } from '../../../src/common/ids.ts';
import type {
  AccountApi,
  AppendOutcome,
  ChainOutcome,
  FetchedObject,
  SealedObject,
  VaultApi,
} from '../../../src/remote/storage-api.ts';
import { failure } from '../../../src/server/failure.ts';
import type { Caller } from '../../../src/server/login.ts';
import { pageOf } from '../../../src/server/page-of-objects.ts';
import { maxBatchObjects } from '../../../src/wire/limits.ts';
import type { SignedEvent } from '../../../src/wire/types.ts';
import type { ServerLogic } from './server-logic.ts';

/** What one request can ask of a server, in terms of the storage API: an object call is one batch. */
export interface ServerCalls extends AccountApi, Omit<VaultApi, 'getObjects'> {
  /** A beginning of `ids`, as one body holds. */
  getPage(vault: VaultId, ids: readonly ObjectId[]): Promise<FetchedObject[]>;
}

const most = Number.POSITIVE_INFINITY;

/** Answers as the routes over HTTP do. `who` tells the caller of each request, or throws `refused`. */
export function serverCalls(logic: ServerLogic, who: () => Promise<Caller>): ServerCalls {
  const { accounts, vaults, objects, checkpoints, metadata } = logic;
  const device = async () => {
    const { account, device: id } = await who();
    if (id === null) throw failure('refused', 'device', 'This device is not part of the account yet.');
    return { account, device: id };
  };
  const account = async () => (await who()).account;

  return {
    getRecord: async () => accounts.record(await account()),
    putRecord: async (record, event) => {
      const { account: id, devicePublic } = await who();
      return chainOutcome(await accounts.putRecord(id, devicePublic, record, event));
    },
    getChain: async (after) => {
      const page = await accounts.chain(await account(), after);
      return { ...page, events: page.events.map(signed) };
    },
    appendEvent: async (event) => chainOutcome(await accounts.appendEvent(await account(), event)),
    logout: async () => logic.login.logout(await who()),
    deleteAccount: async () => {
      const { hasGivenPassword } = await who();
      if (!hasGivenPassword) throw failure('refused', 'password', 'Sign in with the password first.');
      await accounts.remove((await device()).account);
    },
    deleteVault: async (vault) => {
      const { hasGivenPassword } = await who();
      if (!hasGivenPassword) throw failure('refused', 'password', 'Sign in with the password first.');
      await vaults.remove((await device()).account, vault);
    },
    createVault: async (entry, grants, event) => {
      const result = await vaults.create(await device(), entry, grants, event);
      return result.status === 'done' ? { status: 'done', head: result.chain } : chainOutcome(result);
    },
    listVaults: async () => vaults.list((await device()).account),
    getLog: async (vault, after, options = {}) =>
      vaults.log((await device()).account, vault, {
        after,
        bytes: options.maxBytes ?? most,
        count: options.maxCount ?? most,
        withLists: options.withLists === true,
      }),
    appendEntry: async (vault, entry, { grants = null, objects: frames = [] } = {}): Promise<AppendOutcome> =>
      logic.append(await device(), vault, { entry, grants }, frames.map(copied)),
    getGrants: async (vault, epoch) => vaults.grants((await device()).account, vault, epoch),
    getCheckpoint: async (vault) => {
      try {
        return await checkpoints.latest((await device()).account, vault);
      } catch (error) {
        if (error instanceof HoldfastError && error.reason === 'checkpoint') return null;
        throw error;
      }
    },
    putCheckpoint: async (vault, checkpoint) => {
      const result = await checkpoints.put(await device(), vault, checkpoint);
      if (result.status !== 'done') throw failure('conflict', 'objects-missing', 'Some objects are not stored yet.');
    },
    putObjects: async (vault, batch) => {
      await objects.put((await device()).account, vault, batch.map(copied));
    },
    getPage: async (vault, ids) => {
      const asked = ids.slice(0, maxBatchObjects);
      const { page, held } = pageOf(asked, await objects.find((await device()).account, vault, asked));
      const found = await objects.read(vault, held);
      return page.map((id) => ({ id, bytes: plain(found.get(id) ?? null) }));
    },
    getObject: async (vault, id, options) => {
      const held = await objects.find((await device()).account, vault, [id]);
      const bytes = plain((await objects.read(vault, held)).get(id) ?? null);
      if (bytes === null) throw failure('missing', 'object', 'The server does not hold this object.');
      const range = options?.range;
      return range === undefined ? bytes : bytes.slice(range.start, range.end);
    },
    heldObjects: async (vault, ids) => new Set((await objects.find((await device()).account, vault, ids)).keys()),
    quota: async () => {
      const { account: id } = await device();
      return { limit: null, used: await metadata.accounts.used(id), pending: await metadata.accounts.pending(id) };
    },
  };
}

const copied = ({ id, bytes }: SealedObject): SealedObject => ({ id, bytes: bytes.slice() });
const plain = (bytes: Uint8Array | null): Uint8Array | null => (bytes === null ? null : new Uint8Array(bytes));

const signed = ({ event, signature, deviceSignature }: SignedEvent): SignedEvent => ({
  event,
  signature,
  deviceSignature,
});

function chainOutcome(result: Awaited<ReturnType<ServerLogic['accounts']['appendEvent']>>): ChainOutcome {
  if (result.status === 'done') return result;
  return { status: 'moved', head: result.head, events: result.events.map(signed) };
}
