import { HoldfastError } from '../../../src/common/errors.ts';
import type { CallOptions, Hint, StorageApi } from '../../../src/remote/storage-api.ts';
import { failure } from '../../../src/server/failure.ts';
import type { Caller } from '../../../src/server/login.ts';
import { type ServerCalls, serverCalls } from './server-calls.ts';
import type { ServerLogic } from './server-logic.ts';

export interface DirectOptions {
  readonly origin: string;
  readonly token?: () => string | null;
  /** Signs in anew after the server refused the token. */
  readonly renew?: () => Promise<void>;
}

/** The storage API on a server in this process, without a network: sessions as over HTTP, and no failure that it does not have. */
export function directStorage(logic: ServerLogic, options: DirectOptions): StorageApi {
  const { token = () => null, renew } = options;
  const who = async (): Promise<Caller> => {
    const caller = await logic.login.authenticate(token() ?? '');
    if (caller === null) throw failure('refused', 'session', 'Sign in first.');
    return caller;
  };
  const signedIn = async (): Promise<Caller> => {
    try {
      return await who();
    } catch (error) {
      if (renew === undefined || !(error instanceof HoldfastError) || error.reason !== 'session') throw error;
      await renew();
      return who();
    }
  };
  const calls = serverCalls(logic, signedIn);
  const asked = async <T>(call: CallOptions | undefined, work: () => Promise<T>): Promise<T> => {
    call?.signal?.throwIfAborted();
    return work();
  };
  const optional = Object.fromEntries(
    Object.entries(calls).map(([name, run]) => [
      name,
      (...args: unknown[]) =>
        asked(args.find(isOptions), () => (run as (...all: unknown[]) => Promise<unknown>)(...args)),
    ]),
  ) as unknown as ServerCalls;

  return {
    ...optional,
    origin: options.origin,
    prelogin: (email, call) => asked(call, () => logic.login.prelogin(email)),
    signup: ({ record, events }, call) =>
      asked(call, async () => ({ chain: (await logic.accounts.signup(record, events, 0)).chain })),
    challenge: (call) => asked(call, async () => logic.login.challenge()),
    login: (answer, call) => asked(call, () => logic.login.login(answer, (origin) => origin === options.origin)),
    async *getObjects(vault, ids, call) {
      for (let at = 0; at < ids.length; ) {
        const page = await asked(call, () => calls.getPage(vault, ids.slice(at)));
        at += page.length;
        yield* page;
      }
    },
    async hints(signal, listener) {
      if (signal.aborted) return;
      const { account } = await signedIn();
      const unsubscribe = logic.hub.subscribe(account, listener);
      const hints: Hint[] = [{ type: 'connected' }];
      const head = await logic.metadata.accounts.head(account);
      if (head !== null) hints.push({ type: 'account', seq: head.seq });
      for (const state of await logic.metadata.vaults.ofAccount(account)) {
        hints.push({ type: 'vault', vault: state.vault, seq: state.head.seq });
      }
      for (const hint of hints) listener(hint);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      unsubscribe();
    },
    roundTrip: () => 0,
    close: async () => undefined,
  };
}

const isOptions = (arg: unknown): arg is CallOptions =>
  typeof arg === 'object' && arg !== null && 'signal' in arg && (arg as CallOptions).signal instanceof AbortSignal;
