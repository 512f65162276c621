import { build } from 'vite';
import { isFresh } from '../../../resources/build/is-fresh.ts';
import { repository } from '../../helpers/run.ts';

const sources = ['package-lock.json', 'renderer', 'src/rpc', 'src/common', 'src/model'];

/** Builds the window where a door looks for it, unless it is newer than its sources. */
export async function buildWindow(): Promise<void> {
  if (isFresh('dist/ui/index.html', sources)) return;
  await build({ configFile: `${repository}renderer/vite.config.ts`, logLevel: 'error' });
}
