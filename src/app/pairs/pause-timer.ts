import type { Device } from '../device.ts';

/** A computer that slept is looked at soon after it woke: its timers do not count the sleep. */
const step = 30_000;

/** Resumes what was paused for a while. Returns the way to stop it. Costs nothing while no pause has an end. */
export function watchPauses(device: Device, resume: (pair: string) => Promise<unknown>): () => void {
  const { clock, logger } = device.ports;
  const stopping = new AbortController();
  let isWaiting = false;
  /** Ends of pauses, by the clock that only grows: one that is set back a year makes no pause longer. */
  const deadlines = new Map<number, number>();

  const timeLeft = (end: number): number => {
    const left = end - clock.now();
    const deadline = deadlines.get(end) ?? clock.monotonic() + left;
    deadlines.set(end, deadline);
    return Math.min(left, deadline - clock.monotonic());
  };

  const next = (): number | null => {
    const ends = device.config().pairs.flatMap(({ pausedUntil }) => (pausedUntil === null ? [] : [pausedUntil]));
    return ends.length === 0 ? null : Math.min(...ends);
  };

  const wait = async (): Promise<void> => {
    for (let end = next(); end !== null && !stopping.signal.aborted; end = next()) {
      const left = timeLeft(end);
      if (left > 0) await clock.sleep(Math.min(step, left), stopping.signal);
      const over = device
        .config()
        .pairs.filter(({ pausedUntil }) => pausedUntil !== null && timeLeft(pausedUntil) <= 0);
      if (stopping.signal.aborted) return;
      for (const { pair } of over) await resume(pair);
    }
  };

  const look = (): void => {
    if (isWaiting || next() === null) return;
    isWaiting = true;
    wait()
      .catch((error: unknown) => logger.log('error', 'a pause cannot be ended', { error }))
      .finally(() => {
        isWaiting = false;
        deadlines.clear();
      });
  };

  const unlisten = device.onStatus(look);
  look();
  return () => {
    stopping.abort();
    unlisten();
  };
}
