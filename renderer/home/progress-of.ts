import type { PairStatus } from '../../src/model/status.ts';

export interface Progress {
  /** Between 0 and 1; null while the amount is not known. */
  readonly part: number | null;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Milliseconds; null if nothing moves or too little is known. */
  readonly left: number | null;
}

/** What would take longer, in milliseconds, stands still rather: how long it takes is not known. */
const longest = 30 * 24 * 60 * 60_000;

/** Both directions of a pair as one progress. Files count where they hold no bytes. */
export function progressOf({ up, down }: Pick<PairStatus, 'up' | 'down'>): Progress {
  const bytesDone = up.bytesDone + down.bytesDone;
  const bytesTotal = up.bytesTotal + down.bytesTotal;
  const filesDone = up.filesDone + down.filesDone;
  const filesTotal = up.filesTotal + down.filesTotal;
  const speed = up.bytesPerSecond + down.bytesPerSecond;
  const part = bytesTotal > 0 ? bytesDone / bytesTotal : filesTotal > 0 ? filesDone / filesTotal : null;
  const left = speed > 0 && bytesTotal > bytesDone ? ((bytesTotal - bytesDone) / speed) * 1000 : Infinity;
  return {
    part: part === null ? null : Math.min(1, part),
    bytesDone,
    bytesTotal,
    filesDone,
    filesTotal,
    left: left > longest ? null : left,
  };
}
