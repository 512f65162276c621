import type * as Electron from 'electron';
import { soon } from '../../helpers/eventually.ts';

/**
 * The app's main process, asked by Node's inspector. Not by Playwright's driver for Electron: now and then that attaches to a
 * program that has not begun, and waits for ever.
 */
export interface MainProcess {
  /** Runs a function there, which reaches nothing but what it is given; that and its result cross as JSON. */
  evaluate<T, A extends unknown[]>(
    work: (electron: typeof Electron, ...given: A) => T | Promise<T>,
    ...given: A
  ): Promise<T>;
  /** To be done before the app ends: with a debugger it waits to be let go. */
  letGo(): void;
}

/** Where a program that was started with `--inspect` says that it listens, if it has. */
export const inspectorOf = (said: string): string | null => /^Debugger listening on (ws:\S+)$/m.exec(said)?.[1] ?? null;

interface Answer {
  readonly id?: number;
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string }; readonly text: string };
  };
  readonly error?: { readonly message: string };
}

export async function inspectMain(address: string): Promise<MainProcess> {
  const socket = new WebSocket(address);
  const waiting = new Map<
    number,
    { readonly resolve: (answer: Answer) => void; readonly reject: (e: Error) => void }
  >();
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.resolve(answer);
  });
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The app ended before it answered.'));
  });
  await soon(
    new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () => reject(new Error(`Nobody listens at ${address}.`)));
    }),
    'the inspector of the app',
  );
  const call = async (method: string, params: unknown): Promise<Answer> => {
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.set(id, { resolve, reject });
    socket.send(JSON.stringify({ id, method, params }));
    try {
      return await soon(promise, `an answer of the app to ${method}`, 30_000);
    } finally {
      waiting.delete(id);
    }
  };
  return {
    evaluate: async <T, A extends unknown[]>(
      work: (electron: typeof Electron, ...given: A) => T | Promise<T>,
      ...given: A
    ): Promise<T> => {
      const electron = `process.getBuiltinModule('module').createRequire('/')('electron')`;
      const { error, result } = await call('Runtime.evaluate', {
        expression: `(async () => (${work})(${electron}, ...${JSON.stringify(given)}))()`,
        awaitPromise: true,
        returnByValue: true,
      });
      const thrown = result?.exceptionDetails;
      if (error !== undefined) throw new Error(error.message);
      if (thrown !== undefined) throw new Error(thrown.exception?.description ?? thrown.text);
      return result?.result.value as T;
    },
    letGo: () => socket.close(),
  };
}
