import { join } from 'node:path';
import { chooseHomeFolder } from '../../src/app/home/home.ts';
import { buildApp } from '../build/build-app.ts';
import { repository } from '../build/repository.ts';
import { findElectron } from './find-electron.ts';
import { openApp } from './open-app.ts';
import { serveWindow } from './serve-window.ts';

/** `npm start`: the app where there is a desktop and an Electron; else the same window in a browser. */
const say = (text: string): void => void process.stdout.write(`${text}\n`);

await buildApp({ staleOnly: true, mayChooseEngine: false });
const found = findElectron({
  platform: process.platform,
  environment: process.env,
  packageFolder: join(repository, 'node_modules', 'electron'),
});
const why = 'why' in found ? found.why : await openApp(found.electron, process.argv.slice(2), process.getuid?.() === 0);
if (why !== null) {
  say(`The desktop app is not opened: ${why}.`);
  await serveWindow(chooseHomeFolder(null, process.env), say);
}
