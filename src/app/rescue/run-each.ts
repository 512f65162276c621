/**
 * Calls `work` with each item, up to `atOnce` side by side. After a failure nothing new is begun; rejects with the first one
 * once all that was under way has ended.
 */
export async function runEach<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const left = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  left.return?.();
  if (failures.length > 0) throw failures[0];
}
