import type { Box } from './popup-place.ts';

export const usualSize = { width: 1040, height: 720 };
export const leastSize = { width: 720, height: 480 };

/**
 * Where a window was, if its bar is still on the screen: a display may have gone meanwhile. Else only its size; never larger than
 * the display.
 */
export function placeAgain(last: Box, area: Box): Partial<Box> {
  const width = Math.min(last.width, area.width);
  const height = Math.min(last.height, area.height);
  const isSeen = last.x < area.x + area.width - grip && last.x + width > area.x + grip;
  const isBelow = last.y >= area.y && last.y < area.y + area.height - grip;
  return isSeen && isBelow ? { ...last, width, height } : { width, height };
}

/** Enough to take hold of it. */
const grip = 80;
