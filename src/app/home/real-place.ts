import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** An absolute path without the links on the way to it. What is missing at its end stays as it is; null where nothing can be told. */
export function realPlace(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path) === path ? null : realPlace(dirname(path));
    return above === null ? null : join(above, basename(path));
  }
}
