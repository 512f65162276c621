import { HoldfastError } from '../../../src/common/errors.ts';
import type { ObjectId } from '../../../src/common/ids.ts';
import type { Caller } from '../../../src/server/login.ts';
import type { MetadataStore } from '../../../src/server/metadata-store.ts';
import type { ObjectStore } from '../../../src/server/object-store.ts';
import type { Grace } from '../../../src/server/vaults.ts';
import { copiedMetadata, createMemoryMetadata, emptyMetadata } from '../../fakes/memory-metadata.ts';
import { createMemoryObjects } from '../../fakes/memory-objects.ts';
import { type SimAccount, worldStart } from '../account.ts';
import { type Life, life } from '../life.ts';
import type { Dice } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { type ServerCalls, serverCalls } from './server-calls.ts';
import { type ServerLogic, serverLogic } from './server-logic.ts';

/** The server: its stores outlive its process, which may end between any two calls to them. */
export interface SimServer {
  readonly isUp: boolean;
  readonly metadata: MetadataStore;
  readonly store: ObjectStore;
  /** Objects that an entry of the log retains. */
  readonly retained: ReadonlySet<ObjectId>;
  /** One request. Rejects as `offline` if the process is not there or ends meanwhile. */
  request<T>(caller: Caller, ask: (calls: ServerCalls) => Promise<T>): Promise<T>;
  /** Seq of the vault's last entry, as the stores have it, and when it came. */
  readonly seq: number;
  readonly changedAt: number;
  /** Length of the account's chain. */
  readonly accountSeq: number;
  readonly startedAt: number;
  /** Milliseconds that its wall clock is ahead of the scheduler's. */
  offset: number;
  /** From now on the account may have so many bytes more than it has; null: as many as it wants. A new process sees to that. */
  setRoom(bytes: number | null): void;
  start(): void;
  crash(): void;
  /** Its data as of now, kept elsewhere; put back in its place, while it is not running. */
  backUp(): void;
  /** False: there is no copy. */
  putBack(): boolean;
  /** All of the account's vault goes, as its owner wants it. */
  deleteVault(): Promise<void>;
  /** It has another account as well, which is the one that all of this is about from then on. */
  turnTo(account: SimAccount): Promise<void>;
  /** Ends it when it made so many more calls to its stores. */
  crashAfter(calls: number): void;
  /** Told when it starts, and of each new head. */
  onUp(listener: () => void): void;
  onHead(listener: (seq: number) => void): void;
  /** Told of each new event of the account. */
  onAccount(listener: (seq: number) => void): void;
}

export interface SimServerParts {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly account: SimAccount;
  readonly grace: Grace;
  /** What must never happen: an unexpected error, a damaged object. */
  readonly onBug: (message: string) => void;
  readonly onDeath: () => void;
}

function refill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}

const gone = (): HoldfastError =>
  new HoldfastError('offline', 'The connection to the server was lost.', { reason: 'network' });

export async function simServer(parts: SimServerParts): Promise<SimServer> {
  const { scheduler, dice } = parts;
  let { account } = parts;
  const rows = emptyMetadata();
  const files = new Map<number, Buffer>();
  const metadata = createMemoryMetadata(rows);
  const store = createMemoryObjects(files);
  const retained = new Set<ObjectId>();
  let copy: ReturnType<typeof copied> | null = null;
  let seq = 1;
  let changedAt = 0;
  let startedAt = 0;
  const vaults: MetadataStore['vaults'] = {
    ...metadata.vaults,
    append: async (entry) => {
      const result = await metadata.vaults.append(entry);
      if (result.status === 'done' && entry.vault === account.vault) {
        for (const id of entry.row.entry.retained) retained.add(id);
        for (const id of entry.row.entry.released) retained.delete(id);
        seq = entry.row.seq;
        changedAt = scheduler.now;
      }
      return result;
    },
  };
  await account.fill(metadata);
  let quota: number | null = null;
  let wishes = 0;
  let accountSeq = account.position(0);
  const accounts: MetadataStore['accounts'] = {
    ...metadata.accounts,
    append: async (change, record) => {
      const result = await metadata.accounts.append(change, record);
      if (result === 'done' && change.account === account.caller(0).account) accountSeq = change.event.seq;
      return result;
    },
  };
  const letIn = (caller: Caller): Caller => {
    if (!account.isRevoked(caller.device, accountSeq)) return caller;
    // As the client says it, whose session is over and cannot be had anew.
    throw new HoldfastError('refused', 'The server does not let this device in any more.', { reason: 'sign-in' });
  };
  const pending = new Set<(error: HoldfastError) => void>();
  const upListeners: (() => void)[] = [];
  const headListeners: ((seq: number) => void)[] = [];
  const accountListeners: ((seq: number) => void)[] = [];
  let running: { readonly logic: ServerLogic; readonly life: Life } | null = null;

  const copied = () => ({
    rows: copiedMetadata(rows),
    files: new Map(files),
    seq,
    accountSeq,
    retained: new Set(retained),
  });

  const ended = (): void => {
    running = null;
    for (const fail of [...pending]) fail(gone());
    pending.clear();
    parts.onDeath();
  };

  const self: SimServer = {
    get isUp() {
      return running !== null;
    },
    metadata,
    store,
    retained,
    request: (caller, ask) =>
      new Promise((resolve, reject) => {
        if (running === null) return reject(gone());
        pending.add(reject);
        ask(serverCalls(running.logic, async () => letIn(caller))).then(
          (value) => {
            pending.delete(reject);
            resolve(value);
          },
          (error: unknown) => {
            pending.delete(reject);
            const isExpected = error instanceof HoldfastError && error.kind !== 'bug' && error.kind !== 'io';
            if (!isExpected) parts.onBug(`the server failed: ${error instanceof Error ? error.stack : String(error)}`);
            reject(isExpected ? error : gone());
          },
        );
      }),
    get seq() {
      return seq;
    },
    get startedAt() {
      return startedAt;
    },
    get changedAt() {
      return changedAt;
    },
    get accountSeq() {
      return accountSeq;
    },
    offset: 0,
    setRoom(bytes) {
      const wish = ++wishes;
      const restart = (): void => {
        if (running === null) return;
        self.crash();
        self.start();
      };
      if (bytes === null) {
        if (quota === null) return;
        quota = null;
        restart();
        return;
      }
      void metadata.accounts.used(account.caller(0).account).then((used) => {
        if (wish !== wishes) return;
        quota = used + bytes;
        restart();
      });
    },
    start() {
      if (running !== null) return;
      startedAt = scheduler.now;
      const own = life(scheduler);
      const speed = () => dice.next();
      const logic = serverLogic({
        metadata: {
          ...metadata,
          accounts: own.port(accounts, speed),
          sessions: own.port(metadata.sessions, speed),
          vaults: own.port(vaults, speed),
          objects: own.port(metadata.objects, speed),
        },
        store: own.port(store, speed),
        clock: own.clock(() => worldStart + Math.floor(scheduler.now) + self.offset),
        grace: parts.grace,
        quota,
        onDamage: (object) => parts.onBug(`the server lost object ${object}`),
      });
      logic.hub.subscribe(account.caller(0).account, (hint) => {
        if (!own.isAlive) return;
        if (hint.type === 'vault') for (const listener of headListeners) listener(hint.seq);
        if (hint.type === 'account') for (const listener of accountListeners) listener(hint.seq);
      });
      running = { logic, life: own };
      for (const listener of upListeners) listener();
    },
    crash() {
      if (running === null) return;
      running.life.end();
      ended();
    },
    backUp() {
      copy = copied();
    },
    putBack() {
      if (copy === null) return false;
      const isRunning = running !== null;
      self.crash();
      const { accounts, vaults, sessions } = copiedMetadata(copy.rows);
      refill(rows.accounts, accounts);
      refill(rows.vaults, vaults);
      refill(rows.sessions, sessions);
      refill(files, copy.files);
      retained.clear();
      for (const id of copy.retained) retained.add(id);
      ({ seq, accountSeq } = copy);
      changedAt = scheduler.now;
      if (isRunning) self.start();
      return true;
    },
    async deleteVault() {
      const owner = { ...account.caller(0), hasGivenPassword: true };
      await self.request(owner, (calls) => calls.deleteVault(account.vault));
    },
    async turnTo(next) {
      await next.fill(metadata);
      account = next;
      seq = 1;
      accountSeq = next.position(0);
      retained.clear();
      self.crash();
      self.start();
    },
    crashAfter(calls) {
      running?.life.endAfter(calls, ended);
    },
    onUp: (listener) => void upListeners.push(listener),
    onHead: (listener) => void headListeners.push(listener),
    onAccount: (listener) => void accountListeners.push(listener),
  };
  return self;
}
