import { parentPort } from 'node:worker_threads';
import { HoldfastError } from '../../common/errors.ts';
import type { Port } from '../../rpc/port.ts';

/** The part of Electron's `process.parentPort` that is used, so that nothing here needs Electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  off(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

export interface ProcessPort extends Port {
  /** Lets go of the parent, so that this process can end. */
  close(): void;
}

/** The port to what started this program: as a thread, as a utility process of Electron, or as a child of Node with a channel. */
export function processPort(): ProcessPort {
  if (parentPort !== null) return threadPort(parentPort);
  // A terminal sends it to all programs that it runs: this one is ended by the one that started it, after what needs it.
  process.on('SIGINT', () => undefined);
  const electron = (process as { parentPort?: ParentPort }).parentPort;
  if (electron !== undefined) return utilityPort(electron);
  if (process.send === undefined) {
    throw new HoldfastError('usage', 'This program is started by Holdfast, not by hand.');
  }
  return {
    post: (message) => {
      if (process.connected) process.send?.(message);
    },
    onMessage: (listener) => {
      process.on('message', listener);
      return () => process.off('message', listener);
    },
    onClose: (listener) => {
      process.once('disconnect', listener);
      return () => process.off('disconnect', listener);
    },
    close: () => process.disconnect?.(),
  };
}

const threadPort = (port: NonNullable<typeof parentPort>): ProcessPort => ({
  post: (message) => port.postMessage(message),
  onMessage: (listener) => {
    port.on('message', listener);
    return () => port.off('message', listener);
  },
  // A thread ends with its process.
  onClose: () => () => undefined,
  close: () => port.close(),
});

const utilityPort = (port: ParentPort): ProcessPort => ({
  post: (message) => port.postMessage(message),
  onMessage: (listener) => {
    const heard = ({ data }: { readonly data: unknown }): void => listener(data);
    port.on('message', heard);
    return () => port.off('message', heard);
  },
  // Electron ends utility processes with the app.
  onClose: () => () => undefined,
  close: () => process.exit(),
});
