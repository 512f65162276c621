import type { Clock } from '../../common/clock.ts';
import type { TransferProgress } from '../../model/status.ts';

/** Counts what a run moves in one direction, for progress and speed; runs that go on with what the one before left count as one. */
export interface TransferMeter {
  begin(files: number, bytes: number): void;
  fileDone(): void;
  /** A piece of contents of so many bytes sets out, as so many bytes on the line. */
  setOut(plain: number, sealed: number): Passage;
  /** They need not be moved, as it turns out: an earlier run did. */
  had(bytes: number): void;
  /** `left`: bytes of contents that go on in the next run, of which some may have been moved; 0: there is none that goes on. */
  end(left?: number): void;
  progress(): TransferProgress;
  /** Since the meter was made. */
  readonly totals: { readonly files: number; readonly bytes: number };
}

/** Contents on their way: seen as progress while they go, and in the totals once they have arrived. */
export interface Passage {
  /** On the line. */
  moved(bytes: number): void;
  /** With so much of the contents that has arrived, 0 if nothing has; `counted` is what the totals get for it. */
  end(bytes: number, counted?: number): void;
}

/** Speed is that of the last few seconds: on a slow line there are some in which the system takes nothing. */
const windowMs = 6000;
/** What moves within this time is one sample. */
const sampleMs = 100;
/** A shorter time tells no speed. */
const leastMs = 200;

export function transferMeter(clock: Clock, onChange: () => void): TransferMeter {
  const nothing = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
  let current = { ...nothing };
  let samples: { at: number; bytes: number }[] = [];
  const totals = { files: 0, bytes: 0 };
  let onTheWay = 0;
  /** Between two runs: what the former ones have done, and the bytes that have moved of what goes on. */
  let former: { files: number; bytes: number; moved: number } | null = null;
  let begunAt = 0;
  const sample = (bytes: number): void => {
    const at = clock.monotonic();
    const last = samples.at(-1);
    if (last !== undefined && at - last.at < sampleMs) last.bytes += bytes;
    else samples.push({ at, bytes });
    while (samples[0] !== undefined && at - samples[0].at >= windowMs) samples.shift();
    onChange();
  };
  const add = (bytes: number): void => {
    if (former === null) current.bytesDone += bytes;
    else former.moved += bytes;
  };
  return {
    begin(files, bytes) {
      if (former === null) {
        samples = [];
        begunAt = clock.monotonic();
      }
      const done = former ?? { files: 0, bytes: 0, moved: 0 };
      current = {
        filesDone: done.files,
        filesTotal: done.files + files,
        bytesDone: done.bytes + done.moved,
        bytesTotal: done.bytes + bytes,
      };
      former = null;
      onChange();
    },
    fileDone() {
      current.filesDone++;
      totals.files++;
      onChange();
    },
    setOut(plain, sealed) {
      let told = 0;
      return {
        moved(bytes) {
          const more = Math.min((bytes * plain) / sealed, plain - told);
          if (more <= 0) return;
          told += more;
          onTheWay += more;
          sample(more);
        },
        end(bytes, counted = bytes) {
          onTheWay -= told;
          add(bytes);
          totals.bytes += counted;
          sample(bytes - told);
        },
      };
    },
    had(bytes) {
      add(bytes);
      onChange();
    },
    end(left = 0) {
      const { bytesDone, bytesTotal, filesDone } = current;
      const moved = Math.max(0, left - Math.max(0, bytesTotal - bytesDone));
      former = left === 0 ? null : { files: filesDone, bytes: Math.max(0, bytesTotal - left), moved };
      current = { ...nothing };
      if (left === 0) samples = [];
      onChange();
    },
    progress() {
      const now = clock.monotonic();
      const bytes = samples.reduce((sum, sample) => sum + (now - sample.at < windowMs ? sample.bytes : 0), 0);
      const time = Math.min(now - begunAt, windowMs);
      const bytesPerSecond = time < leastMs ? 0 : Math.round((Math.max(0, bytes) * 1000) / time);
      const bytesDone = current.bytesDone + Math.round(onTheWay);
      return { ...current, bytesDone, bytesTotal: Math.max(current.bytesTotal, bytesDone), bytesPerSecond };
    },
    totals,
  };
}
