import { parseArgs } from 'node:util';
import { build, Platform } from 'electron-builder';
import { buildApp } from '../build/build-app.ts';
import { repository } from '../build/repository.ts';

/** `npm run package [-- --dir]`: builds everything anew and packages it for this system, by electron-builder.yml. */
const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false } } });

await buildApp({ staleOnly: false, mayChooseEngine: false });
await build({
  projectDir: repository,
  targets: Platform.current().createTarget(values.dir ? 'dir' : null),
  publish: 'never',
});
