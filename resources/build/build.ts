import { parseArgs } from 'node:util';
import { buildApp } from './build-app.ts';

const { values } = parseArgs({
  options: {
    /** Only what is older than its sources. */
    stale: { type: 'boolean', default: false },
    'may-choose-engine': { type: 'boolean', default: false },
  },
});

await buildApp({ staleOnly: values.stale, mayChooseEngine: values['may-choose-engine'] });
