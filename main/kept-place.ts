import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomically } from '../src/app/home/atomic-file.ts';
import { leastSize } from './window-place.ts';

const coordinate = z.int().min(-100_000).max(100_000);
const place = z.object({
  bounds: z.object({
    x: coordinate,
    y: coordinate,
    width: z.int().min(leastSize.width).max(100_000),
    height: z.int().min(leastSize.height).max(100_000),
  }),
  isMaximized: z.boolean(),
});

/** Where a window was and how large. */
export type WindowPlace = z.infer<typeof place>;

/** The place of the main window, from one start of the app to the next. */
export interface KeptPlace {
  /** Null if there is none that could be one. */
  read(): WindowPlace | null;
  keep(place: WindowPlace): void;
}

export const placeKeptIn = (file: string): KeptPlace => ({
  read: () => {
    try {
      return place.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return null;
    }
  },
  keep: (now) => {
    try {
      writeFileAtomically(file, JSON.stringify(now));
    } catch {
      // The engine reports a full disk; next time the window just opens at its usual place.
    }
  },
});
