/**
 * One sync for all who ask while another is under way: resolves when a sync has ended that began after the call. The
 * failure of a sync goes to all that waited for it.
 */
export function createGroupSync(sync: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let waiting: Promise<void> | null = null;

  const begin = (): Promise<void> => {
    running = sync().finally(() => {
      running = null;
    });
    return running;
  };

  return () => {
    if (running === null && waiting === null) return begin();
    waiting ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        waiting = null;
        return begin();
      });
    return waiting;
  };
}
