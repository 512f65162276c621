import { useSyncExternalStore } from 'react';

/** Whether the window hears the engine. */
let isThere = true;
const listeners = new Set<() => void>();

export function setLine(next: boolean): void {
  if (isThere === next) return;
  isThere = next;
  for (const listener of listeners) listener();
}

/** Calls when it is heard again after it was not, until the returned function is called. */
export function onLineBack(listener: () => void): () => void {
  return subscribe(() => isThere && listener());
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useLine = (): boolean => useSyncExternalStore(subscribe, () => isThere);
