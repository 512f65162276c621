import { type BuildMain, buildMain } from './build-main.ts';
import { buildUi } from './build-ui.ts';
import { isFresh } from './is-fresh.ts';

const shared = ['package-lock.json', 'resources/build', 'src/rpc', 'src/common', 'src/model'];

export interface BuildApp extends BuildMain {
  /** Only what is older than its sources. */
  readonly staleOnly: boolean;
}

/** Builds the window and the desktop app's programs into `dist`. */
export async function buildApp({ staleOnly, mayChooseEngine }: BuildApp): Promise<void> {
  if (!(staleOnly && isFresh('dist/ui/index.html', [...shared, 'renderer']))) await buildUi();
  if (!(staleOnly && isFresh('dist/main/preload.cjs', [...shared, 'src', 'main'])))
    await buildMain({ mayChooseEngine });
}
