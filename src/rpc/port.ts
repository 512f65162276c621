import { z } from 'zod';
import { HoldfastError } from '../common/errors.ts';
import type { Transport } from './client.ts';
import type { Service } from './contract.ts';
import { dispatch, type Reply } from './dispatch.ts';

/** One end of a message port, of whatever kind: between windows and processes, or two processes. Messages are plain data. */
export interface Port {
  post(message: unknown): void;
  /** Calls for each message that comes, until the returned function is called. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Calls once when nothing more can come. */
  onClose(listener: () => void): () => void;
}

const message = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ask'), id: z.int(), name: z.string().max(64), input: z.unknown() }),
  z.strictObject({ type: z.literal('answer'), id: z.int(), reply: z.unknown() }),
  z.strictObject({ type: z.literal('event'), event: z.unknown() }),
]);

/** Answers what the other end asks. Messages that are not of the protocol are dropped. Returns the way to stop it. */
export function answerPort(port: Port, answer: (name: string, input: unknown) => Promise<unknown>): () => void {
  return port.onMessage((received) => {
    const checked = message.safeParse(received);
    if (!checked.success || checked.data.type !== 'ask') return;
    const { id, name, input } = checked.data;
    void answer(name, input).then((reply) => port.post({ type: 'answer', id, reply }));
  });
}

/** Serves the contract to the other end: commands, and events to whoever listens there. */
export function servePort(port: Port, service: Service, onBug: (error: unknown) => void): () => void {
  const unanswer = answerPort(port, (name, input): Promise<Reply> => dispatch(service, name, input, onBug));
  const unlisten = service.listen((event) => port.post({ type: 'event', event }));
  return () => {
    unanswer();
    unlisten();
  };
}

/** Asks the other end. What is under way when the port closes rejects with `conflict` (reason `engine-gone`). */
export function portTransport(port: Port): Transport {
  const waiting = new Map<number, { resolve(reply: unknown): void; reject(error: unknown): void }>();
  const listeners = new Set<(event: unknown) => void>();
  let last = 0;
  let isClosed = false;
  port.onMessage((received) => {
    const checked = message.safeParse(received);
    if (!checked.success) return;
    if (checked.data.type === 'event') for (const listener of [...listeners]) listener(checked.data.event);
    if (checked.data.type !== 'answer') return;
    waiting.get(checked.data.id)?.resolve(checked.data.reply);
    waiting.delete(checked.data.id);
  });
  port.onClose(() => {
    isClosed = true;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
  });
  return {
    ask: (name, input) => {
      if (isClosed) return Promise.reject(gone());
      const id = ++last;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      waiting.set(id, { resolve, reject });
      port.post({ type: 'ask', id, name, input });
      return promise;
    },
    listen: (onEvent) => {
      listeners.add(onEvent);
      return () => listeners.delete(onEvent);
    },
  };
}

const gone = (): HoldfastError =>
  new HoldfastError('conflict', 'The part of Holdfast that syncs stopped before it answered; it is being restarted.', {
    reason: 'engine-gone',
  });
