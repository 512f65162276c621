/** Runs tasks one after the other, in the order they were given: so that one thing at a time happens to a pair. */
export interface Serial {
  run<T>(task: () => Promise<T> | T): Promise<T>;
  /** Resolves when all that was given so far is done. */
  idle(): Promise<void>;
}

export function serial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(task) {
      const next = last.then(task);
      last = next.catch(() => undefined);
      return next;
    },
    async idle() {
      await last;
    },
  };
}
