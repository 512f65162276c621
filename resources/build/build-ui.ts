import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { repository } from './repository.ts';

/** Builds the window into `dist/ui`, by its own configuration. */
export async function buildUi(): Promise<void> {
  await build({ configFile: uiConfig(), logLevel: 'warn' });
}

function uiConfig(): string {
  const places = ['src/ui/vite.config.ts', 'renderer/vite.config.ts', 'vite.config.ts'];
  const found = places.map((place) => join(repository, place)).find((file) => existsSync(file));
  if (found === undefined) throw new Error('There is no vite configuration of the window.');
  return found;
}
