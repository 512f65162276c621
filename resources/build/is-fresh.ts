import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repository } from './repository.ts';

/** Whether `built` is newer than everything that it is built of. Paths start from the repository. */
export function isFresh(built: string, sources: readonly string[]): boolean {
  const at = timeOf(resolve(repository, built));
  return at !== null && sources.every((source) => newest(join(repository, source)) <= at);
}

const timeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return inside.reduce((latest, name) => Math.max(latest, timeOf(join(path, name)) ?? 0), stats.mtimeMs);
}
