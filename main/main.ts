import { isAbsolute, join } from 'node:path';
import { app, dialog } from 'electron';
import { chooseHomeFolder, openHome } from '../src/app/home/home.ts';
import { HoldfastError } from '../src/common/errors.ts';
import { appId } from './app-id.ts';
import { isStartedAtLogin } from './autostart.ts';
import { hardenApp } from './harden.ts';
import { runApp } from './run-app.ts';
import { runLightly } from './run-lightly.ts';
import { registerScheme } from './scheme.ts';
import { wordsFor } from './words.ts';

declare const __MAY_CHOOSE_ENGINE__: boolean;

// Everything that has to be said before Electron is ready. Nothing here waits: `await app.whenReady()` at the top level of
// a module would never come back.
app.setName('Holdfast');
if (process.platform === 'win32') app.setAppUserModelId(appId);
hardenApp(app, process.getuid?.() === 0);
runLightly(app, process.env);
registerScheme();
try {
  const home = openHome(chooseHomeFolder(null, process.env));
  // One window's state, and one running app, for each home.
  app.setPath('userData', join(home.folder, 'window'));
  if (!app.requestSingleInstanceLock()) app.exit(0);
  else {
    app
      .whenReady()
      .then(() => {
        const isHidden = isStartedAtLogin(app, process.argv, process.platform);
        return runApp({ home, engineNode: engineNode(), isHidden });
      })
      .catch(giveUp);
  }
} catch (error) {
  giveUp(error);
}

/** Says why in a dialog of the system's, since whoever starts an app sees no terminal, and ends. */
function giveUp(error: unknown): void {
  const message = error instanceof Error ? error.message : 'unknown error';
  process.stderr.write(`Holdfast cannot start: ${message}\n`);
  const hint = error instanceof HoldfastError ? error.hint : undefined;
  void app.whenReady().then(() => {
    const { cannotStart } = wordsFor('system', app.getLocale());
    dialog.showErrorBox(cannotStart, hint === undefined ? message : `${message}\n\n${hint}`);
    app.exit(70);
  });
}

/** Only in a development run, or in a package made for tests: a release runs nothing that the environment names. */
function engineNode(): string | null {
  const node = process.env['HOLDFAST_ENGINE_NODE'];
  const isAllowed = !app.isPackaged || __MAY_CHOOSE_ENGINE__;
  return isAllowed && node !== undefined && isAbsolute(node) ? node : null;
}
