import type { HomeStatus } from '../rpc/home-report.ts';
import { bytesText, countText, durationText } from './format.ts';

type TransferProgress = HomeStatus['pairs'][number]['up'];

/** What a run of `sync` looks like while it runs. */
export interface Progress {
  readonly message: string;
  readonly up: TransferProgress;
  readonly down: TransferProgress;
}

/** Of several pairs together. */
export function addProgress(parts: readonly Progress[]): Progress {
  const add = (pick: (part: Progress) => TransferProgress): TransferProgress => {
    const total = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };
    for (const part of parts) {
      const one = pick(part);
      for (const name of Object.keys(total) as (keyof TransferProgress)[]) total[name] += one[name];
    }
    return total;
  };
  return { message: parts[0]?.message ?? '', up: add((part) => part.up), down: add((part) => part.down) };
}

const barWidth = 24;

/** One line: bar, share, files, bytes, speed, time left. Pure. */
export function progressLine({ up, down, message }: Progress): string {
  const bytesTotal = up.bytesTotal + down.bytesTotal;
  const filesTotal = up.filesTotal + down.filesTotal;
  if (bytesTotal === 0 && filesTotal === 0) return message;
  const bytesDone = Math.min(up.bytesDone + down.bytesDone, bytesTotal);
  const filesDone = Math.min(up.filesDone + down.filesDone, filesTotal);
  const share = bytesTotal > 0 ? bytesDone / bytesTotal : filesDone / filesTotal;
  const speed = up.bytesPerSecond + down.bytesPerSecond;
  const full = Math.floor(share * barWidth);
  const parts = [
    `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${filesDone}/${countText(filesTotal, 'file')}`,
    `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`,
  ];
  if (up.filesTotal > 0 && down.filesTotal > 0) parts.push('up and down');
  else parts.push(up.filesTotal > 0 ? 'up' : 'down');
  if (speed > 0) {
    parts.push(`${bytesText(speed)}/s`);
    if (bytesDone < bytesTotal) parts.push(`${durationText((bytesTotal - bytesDone) / speed)} left`);
  }
  return parts.join('  ');
}
