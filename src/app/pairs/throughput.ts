import type { Clock } from '../../common/clock.ts';
import type { ThroughputSample } from '../../rpc/app-report.ts';
import type { HomeStatus } from '../../rpc/home-report.ts';

export interface Throughput {
  /** Takes note of what moves now. */
  note(status: HomeStatus): void;
  samples(): ThroughputSample[];
}

const every = 1000;
/** Ten minutes of constant work. */
const kept = 600;

/** Remembers the speed of the last minutes, at most one sample a second; costs nothing while nothing moves. */
export function throughput(clock: Clock): Throughput {
  const samples: ThroughputSample[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let wasMoving = false;
  return {
    note: ({ pairs }) => {
      const up = Math.round(pairs.reduce((sum, pair) => sum + pair.up.bytesPerSecond, 0));
      const down = Math.round(pairs.reduce((sum, pair) => sum + pair.down.bytesPerSecond, 0));
      const isMoving = up + down > 0;
      const now = clock.monotonic();
      // The end of a movement is told at once: a line must not hang in the air.
      if (!isMoving && !wasMoving) return;
      if (isMoving && now - last < every) return;
      last = now;
      wasMoving = isMoving;
      samples.push({ time: clock.now(), up, down });
      if (samples.length > kept) samples.splice(0, samples.length - kept);
    },
    samples: () => [...samples],
  };
}
