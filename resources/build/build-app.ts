import { join } from 'node:path';
import { buildCommand } from './build-command.ts';
import { type BuildMain, buildMain } from './build-main.ts';
import { buildUi } from './build-ui.ts';
import { isFresh } from './is-fresh.ts';
import { repository } from './repository.ts';

const sources = ['package-lock.json', 'resources/build', 'src', 'main'];

interface BuildApp extends Omit<BuildMain, 'into'> {
  /** The folder that gets `dist`; without it, the repository. */
  readonly into?: string;
  /** Only what is older than its sources. */
  readonly staleOnly: boolean;
}

/** Builds the window, the desktop app's programs and, in the repository, the commands into `dist`. */
export async function buildApp({ staleOnly, mayChooseEngine, into = repository }: BuildApp): Promise<void> {
  await buildUi({ into, staleOnly });
  if (into === repository) await buildCommand({ staleOnly });
  if (!staleOnly || !isFresh(join(into, 'dist', 'main', 'preload.cjs'), sources))
    await buildMain({ mayChooseEngine, into });
}
