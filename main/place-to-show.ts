import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder } from '../src/common/name.ts';

/**
 * What the file manager is to point at. It shows a folder within the one above: whoever wants to see into a synced folder is shown
 * what every one of them has in it.
 */
export function placeToShow(path: string): string {
  const inside = join(path, ownFolder);
  return existsSync(inside) ? inside : path;
}
