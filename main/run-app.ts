import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, nativeTheme, powerMonitor, safeStorage, session, shell } from 'electron';
import { uiFiles, uiFolder } from '../src/app/door/ui-files.ts';
import { fileLogger } from '../src/app/home/file-logger.ts';
import type { Home } from '../src/app/home/home.ts';
import { keptSettings } from '../src/app/home/kept-settings.ts';
import { keepRunning } from '../src/app/own-server/keep-running.ts';
import { systemClock } from '../src/app/system-clock.ts';
import type { Logger } from '../src/common/logger.ts';
import { failureFrom } from '../src/rpc/failure.ts';
import { changedPart, type HomeStatus, type RpcEvent, type Settings } from '../src/rpc/home-report.ts';
import { askedFor } from './asked-for.ts';
import { configFolderOf, programToStart, setAutostart } from './autostart.ts';
import { electronUpdaterPort } from './electron-updater-port.ts';
import { type Engine, startEngine } from './engine-host.ts';
import { hardenSession } from './harden.ts';
import { hostAnswers } from './host-answers.ts';
import { openWindowDoor } from './ipc.ts';
import { placeKeptIn } from './kept-place.ts';
import { openNotifier } from './notifier.ts';
import { placeToShow } from './place-to-show.ts';
import { serveScheme } from './scheme.ts';
import { systemEnd } from './system-end.ts';
import { systemSeal } from './system-seal.ts';
import { openTray } from './tray.ts';
import { startUpdater } from './updater.ts';
import { makeWindows } from './window.ts';
import { wordsFor } from './words.ts';

interface AppOptions {
  readonly home: Home;
  /** A Node that runs the engine, or null: a utility process. */
  readonly engineNode: string | null;
  /** Only the tray, no window. */
  readonly isHidden: boolean;
}

/** The app once Electron is ready. Everything that syncs is in the engine's process; this one shows and asks. */
export async function runApp({ home, engineNode, isHidden }: AppOptions): Promise<void> {
  const logger = fileLogger(join(home.folder, 'logs', 'app.log'), 'info', systemClock.now);
  // Electron would stop everything behind a dialog: what syncs is in another process and goes on.
  process.on('uncaughtException', (error) => logger.log('error', 'the app failed unexpectedly', { error }));
  process.on('unhandledRejection', (error) => logger.log('error', 'the app failed unexpectedly', { error }));
  hardenSession(session.defaultSession);
  serveScheme(uiFiles(uiFolder()));

  // Windows have the chosen colours from the first moment, before an engine could tell them.
  let settings: Settings | null = keptSettings(home);
  nativeTheme.themeSource = settings?.theme ?? 'system';

  const resources = join(app.getAppPath(), 'resources');
  const place = placeKeptIn(join(app.getPath('userData'), 'place.json'));
  const windows = makeWindows(!app.isPackaged, join(resources, 'icons', '256x256.png'), place);
  // First of all: its process starts while this one asks the keychain and does the rest.
  if (!isHidden) windows.open('');

  const seal = systemSeal(safeStorage, process.platform);
  logger.log('info', 'app started', {
    electron: process.versions.electron,
    keychain: seal === null ? 'none' : 'system',
  });

  const answers = hostAnswers({ window: windows.main, seal });
  let status: HomeStatus | null = null;
  let isQuitting = false;

  const engine = keepRunning(
    'the engine',
    () => startEngine({ homeFolder: home.folder, hasSystemKeychain: seal !== null, node: engineNode, answers }),
    {
      clock: systemClock,
      logger,
      onUp: (up) => void meet(up),
      onDown: () => {
        status = null;
        draw();
        door.tell({
          type: 'failure',
          failure: { ...failureFrom(null), kind: 'conflict', reason: 'engine-gone', message: words().stopped },
        });
      },
    },
  );

  const door = openWindowDoor(
    async (name, input) => (await engine.current()).transport.ask(name as never, input),
    () => (status === null ? null : { type: 'status', status }),
  );

  const words = () => wordsFor(settings?.language ?? 'system', app.getLocale());
  const notifier = openNotifier(
    () => ({ status, level: settings?.notifications ?? 'all', words: words() }),
    windows.open,
    systemClock.monotonic,
  );

  /** What a click asked for; what goes wrong is seen in the state. */
  const run = (work: (engine: Engine) => Promise<unknown>): void => {
    engine
      .current()
      .then(work)
      .catch((error: unknown) => logger.log('warn', 'a command of the tray failed', { error }));
  };

  const tray = openTray(
    join(resources, 'tray'),
    {
      open: windows.open,
      showFolder: (pair) => {
        const folder = status?.pairs.find((each) => each.pair === pair)?.folder;
        if (folder !== undefined) shell.showItemInFolder(placeToShow(folder));
      },
      syncNow: () => run(({ service }) => service.sync({ pair: null })),
      pause: (minutes) => run(({ service }) => service.pause({ pair: null, minutes })),
      resume: () => run(({ service }) => service.resume({ pair: null })),
      quit: () => app.quit(),
    },
    () => windows.togglePopup(tray.bounds()),
  );
  const draw = (): void => tray.show(status, words());
  draw();

  const takeSettings = async (service: Engine['service']): Promise<void> => {
    settings = await service['settings-get']({});
    applySettings(settings, logger);
  };

  const meet = async ({ service }: Engine): Promise<void> => {
    service.listen(hear);
    await takeSettings(service);
    status = await service.status({});
    draw();
    door.tell({ type: 'status', status });
    // What windows know may come from an engine that is gone.
    door.tell({ type: 'changed', parts: [...changedPart.options], pair: null });
  };

  const hear = (event: RpcEvent): void => {
    door.tell(event);
    if (event.type === 'changed' && event.parts.includes('settings')) {
      run(async ({ service }) => {
        await takeSettings(service);
        draw();
      });
    }
    // Somebody ended the engine by a command, and meant the app.
    if (event.type === 'stopping') app.quit();
    if (event.type !== 'status') return;
    status = event.status;
    draw();
    notifier.tell();
  };

  const updater = await startUpdater({
    resourcesFolder: process.resourcesPath,
    isPackaged: app.isPackaged,
    version: app.getVersion(),
    system: process.platform,
    // Under Rosetta, too, macOS is given what its processor runs best.
    arch: process.platform === 'darwin' && app.runningUnderARM64Translation ? 'arm64' : process.arch,
    storageServer: async () => (await (await engine.current()).service.status({})).account?.server ?? null,
    open: (feed) => electronUpdaterPort(feed, logger),
    logger,
  });

  const asked = askedFor(app, () => windows.open(''), {
    program: programToStart(process.execPath, process.env),
    words: process.argv.slice(1),
  });
  app.on('window-all-closed', () => undefined);
  const isSystemEnding = systemEnd(powerMonitor, process.platform);
  app.on('before-quit', (event) => {
    if (isQuitting) return;
    isQuitting = true;
    asked.ending();
    windows.close();
    tray.close();
    updater.stop();
    notifier.close();
    const ended = engine.stop();
    // What the engine is cut off from is done again at the next start.
    if (isSystemEnding()) return;
    // The engine finishes what runs; then the app ends for good.
    event.preventDefault();
    void ended
      .finally(() => updater.install())
      .finally(() => {
        logger.log('info', 'app ended');
        asked.startAgain();
        app.exit(0);
      });
  });
}

function applySettings({ theme, startAtLogin }: Settings, logger: Logger): void {
  nativeTheme.themeSource = theme;
  const { execPath, env, platform } = process;
  const command = app.isPackaged ? [programToStart(execPath, env)] : [execPath, app.getAppPath()];
  try {
    setAutostart(app, startAtLogin, { platform, configFolder: configFolderOf(env, homedir()), command });
  } catch (error) {
    logger.log('warn', 'whether the app starts at login cannot be set', { error });
  }
}
