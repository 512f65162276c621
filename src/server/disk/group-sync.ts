/**
 * One sync for all who ask while another is under way: resolves when a sync has ended that began after the call. Once one
 * has failed all do: the system reports a failure once, and from then on takes what it could not write for written.
 */
export function createGroupSync(sync: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;

  const begin = (): Promise<void> => {
    running = sync().then(() => {
      running = null;
    });
    return running;
  };

  return () => {
    if (running === null && waiting === null) return begin();
    waiting ??= (running ?? Promise.resolve()).then(() => {
      waiting = null;
      return begin();
    });
    return waiting;
  };
}
