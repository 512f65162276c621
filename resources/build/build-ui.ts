import { join } from 'node:path';
import { build } from 'vite';
import { repository } from './repository.ts';

/** Builds the window into `dist/ui` of a folder, by its own configuration. */
export async function buildUi(into: string): Promise<void> {
  await build({
    configFile: join(repository, 'renderer', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(into, 'dist', 'ui') },
  });
}
