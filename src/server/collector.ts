import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import type { MetadataStore } from './metadata-store.ts';
import type { ObjectStore } from './object-store.ts';

export interface Collected {
  /** Objects whose grace period is over, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  /** Bytes given back to the disk besides: holes in packs, and waste of crashes. */
  readonly swept: number;
}

export interface Collector {
  /** Collects now; joins a run that is under way. */
  collect(): Promise<Collected>;
  close(): Promise<void>;
}

interface CollectorParts {
  readonly metadata: MetadataStore;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two runs; the first comes after one of them. */
  readonly interval: number;
}

/** Small, so that requests in between do not wait. */
const sliceLength = 200;

/** Removes what nothing needs any more, in the background and in slices. */
export function startCollector({ metadata, store, clock, logger, interval }: CollectorParts): Collector {
  const stop = new AbortController();
  let running: Promise<Collected> | null = null;

  async function run(): Promise<Collected> {
    let objects = 0;
    let bytes = 0;
    await metadata.sessions.removeExpired(clock.now());
    for (let isMore = true; isMore && !stop.signal.aborted; ) {
      isMore = (await metadata.vaults.removeForsaken(clock.now(), sliceLength)) > 0;
      // All expired objects before the next slice: otherwise those still there would be searched through again for each.
      while (!stop.signal.aborted) {
        const gone = await metadata.objects.removeExpired(clock.now(), sliceLength);
        if (gone.length === 0) break;
        await store.free(gone);
        objects += gone.length;
        for (const { place } of gone) bytes += place.length;
      }
    }
    const swept = stop.signal.aborted ? 0 : await store.sweep(metadata.objects, stop.signal);
    if (objects > 0 || swept > 0) logger.log('info', 'collected', { objects, bytes, swept });
    return { objects, bytes, swept };
  }

  function collect(): Promise<Collected> {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  }

  async function loop(): Promise<void> {
    for (;;) {
      await clock.sleep(interval, stop.signal);
      if (stop.signal.aborted) return;
      await collect().catch((error: unknown) => logger.log('error', 'collecting failed', { error: String(error) }));
    }
  }

  const looping = loop();
  return {
    collect,
    close: async () => {
      stop.abort();
      await looping;
      await running?.catch(() => undefined);
    },
  };
}
