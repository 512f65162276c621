import { existsSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';

/** What was to be seen in a folder while it was looked at, by its events. */
export interface Onlooker {
  /** Names that came or went or changed. */
  readonly names: ReadonlySet<string>;
  /** What must not have been seen, in words. */
  readonly faults: readonly string[];
  close(): void;
}

/** Notes whenever one of `files`, which are there all the time, is missing or empty. */
export function onlooker(root: string, files: readonly string[]): Onlooker {
  const names = new Set<string>();
  const faults: string[] = [];
  const look = (): void => {
    for (const file of files) {
      const path = join(root, file);
      if (!existsSync(path)) faults.push(`${file} is missing`);
      else if (statSync(path).size === 0) faults.push(`${file} is empty`);
    }
  };
  const watcher = watch(root, (_, name) => {
    if (name !== null && name !== '.holdfast') names.add(name);
    look();
  });
  return { names, faults, close: () => watcher.close() };
}
