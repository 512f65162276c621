import type { FileSystem } from '../../src/local/file-system.ts';
import type { StorageApi } from '../../src/remote/storage-api.ts';

/**
 * What can go wrong around one device: its network may hang, and the whole process may end before or after any call that
 * it makes. Of a process that ended nothing is heard any more: its calls never settle.
 */
export interface Faults {
  /** Calls of the storage API since the last `resetCalls`, without the event stream. */
  readonly calls: readonly string[];
  /** Sealed bytes sent in bodies of objects since then. */
  readonly objectBytes: number;
  resetCalls(): void;
  /** Storage calls wait until `release`. */
  hold(): void;
  release(): void;
  /** Storage calls wait from the next `call` on, before it is sent; resolves when it is about to be. */
  holdAt(call: keyof StorageApi): Promise<void>;
  /** The process ends around the `count`th call to disk or server from now; resolves when it did. */
  dieAfter(count: number): Promise<void>;
  /** Ends it now. Resolves when no call is under way any more. */
  die(): Promise<void>;
  storage(api: StorageApi): StorageApi;
  disk(fs: FileSystem): FileSystem;
}

const never = new Promise<never>(() => undefined);
const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;
type Method = (...args: unknown[]) => unknown;

export function faults(): Faults {
  let calls: string[] = [];
  let objectBytes = 0;
  let held: { readonly open: Promise<void>; readonly release: () => void } | null = null;
  let trap: { readonly call: PropertyKey; readonly sprung: () => void } | null = null;
  let isDead = false;
  let left = Number.POSITIVE_INFINITY;
  let died = (): void => undefined;
  let underWay = 0;
  let quiet = (): void => undefined;

  const dieNow = (): void => {
    isDead = true;
    died();
  };

  /** Runs a call of a living process; its result is lost if the process ends meanwhile. */
  const run = async (work: () => unknown, isSent: () => Promise<void>): Promise<unknown> => {
    if (isDead) return never;
    // Every other death comes after the call had its effect.
    const isLast = --left <= 0;
    if (isLast && calls.length % 2 === 0) dieNow();
    await isSent();
    if (isDead) return never;
    underWay++;
    try {
      const value = await work();
      if (isLast) dieNow();
      return isDead ? never : value;
    } catch (error) {
      if (isDead) return never;
      throw error;
    } finally {
      if (--underWay === 0) quiet();
    }
  };

  const hold = (): void => {
    let release = (): void => undefined;
    const open = new Promise<void>((resolve) => {
      release = resolve;
    });
    held ??= { open, release };
  };

  const atOnce = async (): Promise<void> => undefined;
  const whenOpen = async (): Promise<void> => {
    while (held !== null) await held.open;
  };

  const sizeOf = (args: readonly unknown[]): number => {
    let size = 0;
    for (const arg of args) {
      const list = Array.isArray(arg) ? arg : (((arg ?? {}) as { objects?: unknown }).objects ?? []);
      if (!Array.isArray(list)) continue;
      for (const item of list) size += (item as { bytes?: Uint8Array }).bytes?.length ?? 0;
    }
    return size;
  };

  const storage = (api: StorageApi): StorageApi =>
    new Proxy(api, {
      get(target, key: keyof StorageApi) {
        const method = target[key] as unknown;
        const isCall = !['hints', 'roundTrip', 'close'].includes(key);
        if (typeof method !== 'function' || !isCall) return method;
        return (...args: unknown[]) => {
          calls.push(key);
          if (trap?.call === key) {
            hold();
            trap.sprung();
            trap = null;
          }
          if (key === 'putObjects' || key === 'appendEntry') objectBytes += sizeOf(args);
          const send = () => (method as Method).apply(target, args);
          if (key === 'getObjects') return stream(send as () => AsyncIterable<unknown>);
          return run(send, whenOpen);
        };
      },
    });

  async function* stream(send: () => AsyncIterable<unknown>): AsyncIterable<unknown> {
    const iterator = send()[Symbol.asyncIterator]();
    for (;;) {
      const next = (await run(() => iterator.next(), whenOpen)) as IteratorResult<unknown>;
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** Staged and open files by the guarded ones that the engine was given. */
  const raw = new WeakMap<object, object>();
  const bare = (arg: unknown): unknown => {
    if (Array.isArray(arg)) return arg.map(bare);
    if (typeof arg !== 'object' || arg === null) return arg;
    return raw.get(arg) ?? ('file' in arg ? { ...arg, file: bare(arg.file) } : arg);
  };

  const guarded = <T extends object>(thing: T): T => {
    const proxy = new Proxy(thing, {
      get(target, key) {
        const method = Reflect.get(target, key);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          const call = () => (method as Method).apply(target, args.map(bare));
          return run(async () => {
            const result = call();
            const value = isPromise(result) ? await result : result;
            return key === 'createStaged' || key === 'openFile' ? guarded(value as object) : value;
          }, atOnce);
        };
      },
    });
    raw.set(proxy, thing);
    return proxy;
  };

  return {
    get calls() {
      return calls;
    },
    get objectBytes() {
      return objectBytes;
    },
    resetCalls() {
      calls = [];
      objectBytes = 0;
    },
    hold,
    holdAt: (call) =>
      new Promise((sprung) => {
        trap = { call, sprung };
      }),
    release() {
      const waiting = held;
      held = null;
      waiting?.release();
    },
    dieAfter(count) {
      left = count;
      return new Promise((resolve) => {
        died = resolve;
      });
    },
    async die() {
      dieNow();
      if (underWay > 0) {
        await new Promise<void>((resolve) => {
          quiet = resolve;
        });
      }
      // What was ready to run when the process ended has run after this.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
    storage,
    disk: guarded,
  };
}
