import { printable } from '../common/printable.ts';
import type { HomeStatus } from '../rpc/home-report.ts';
import { timeText } from './format.ts';

/** A line for each device that should have given a sign of life. */
export const silenceText = (pairs: readonly Pick<HomeStatus['pairs'][number], 'vaultName' | 'heard'>[]): string[] =>
  pairs.flatMap(({ vaultName, heard }) =>
    heard
      .filter(({ isOverdue }) => isOverdue)
      .map(
        ({ deviceName, lastHeardAt }) =>
          `Nothing has been heard from “${printable(deviceName)}” in “${printable(vaultName)}” since ${timeText(lastHeardAt)}: ` +
          'it is off or no longer syncs this vault, or the server holds back what it wrote.',
      ),
  );
