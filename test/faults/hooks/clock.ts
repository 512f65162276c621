import { readFileSync } from 'node:fs';

/**
 * Loaded into a process before the program (`--import`): its wall clock is off by as many milliseconds as the file
 * HOLDFAST_TEST_CLOCK says at that moment. The monotonic clock and all timers are right.
 */
const file = process.env['HOLDFAST_TEST_CLOCK'] ?? '';
const RealDate = Date;

function offset(): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

class ShiftedDate extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(RealDate.now() + offset());
    else super(...(args as [number]));
  }
  static override now(): number {
    return RealDate.now() + offset();
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
