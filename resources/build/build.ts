import { parseArgs } from 'node:util';
import { buildMain } from './build-main.ts';
import { buildUi } from './build-ui.ts';
import { isFresh } from './is-fresh.ts';

const { values } = parseArgs({
  options: {
    /** Only what is older than its sources. */
    stale: { type: 'boolean', default: false },
    'may-choose-engine': { type: 'boolean', default: false },
  },
});

const parts = ['package-lock.json', 'resources/build', 'src/rpc', 'src/common', 'src/model'];
const isUiFresh = values.stale && isFresh('dist/ui/index.html', [...parts, 'src/ui', 'renderer', 'vite.config.ts']);
const isMainFresh = values.stale && isFresh('dist/main/preload.cjs', [...parts, 'src', 'main']);

if (!isUiFresh) await buildUi();
if (!isMainFresh) await buildMain({ mayChooseEngine: values['may-choose-engine'] });
