import type { Clock } from '../common/clock.ts';
import type { TransferProgress } from '../model/status.ts';

/** Counts what a run moves in one direction, for progress and speed. */
export interface TransferMeter {
  begin(files: number, bytes: number): void;
  fileDone(): void;
  moved(bytes: number): void;
  /** They need not be moved, as it turns out: an earlier run did. */
  had(bytes: number): void;
  end(): void;
  progress(): TransferProgress;
  /** Since the meter was made. */
  readonly totals: { readonly files: number; readonly bytes: number };
}

/** Speed is that of the last few seconds. */
const windowMs = 3000;

export function transferMeter(clock: Clock, onChange: () => void): TransferMeter {
  let current = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
  let samples: { at: number; bytes: number }[] = [];
  const totals = { files: 0, bytes: 0 };
  return {
    begin(files, bytes) {
      current = { filesDone: 0, filesTotal: files, bytesDone: 0, bytesTotal: bytes };
      samples = [];
      onChange();
    },
    fileDone() {
      current.filesDone++;
      totals.files++;
      onChange();
    },
    moved(bytes) {
      current.bytesDone += bytes;
      totals.bytes += bytes;
      samples.push({ at: clock.monotonic(), bytes });
      if (samples.length > 64) samples.splice(0, 32);
      onChange();
    },
    had(bytes) {
      current.bytesDone += bytes;
      onChange();
    },
    end() {
      current = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
      samples = [];
      onChange();
    },
    progress() {
      const now = clock.monotonic();
      const recent = samples.filter((sample) => now - sample.at < windowMs);
      const since = recent[0]?.at ?? now;
      const bytes = recent.reduce((sum, sample) => sum + sample.bytes, 0);
      const bytesPerSecond = recent.length < 2 ? 0 : Math.round((bytes * 1000) / Math.max(now - since, 1));
      return { ...current, bytesTotal: Math.max(current.bytesTotal, current.bytesDone), bytesPerSecond };
    },
    totals,
  };
}
