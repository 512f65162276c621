import { makeChokidarWatcher } from '../../src/local/chokidar-watcher.ts';
import { makeNativeWatcher } from '../../src/local/native-watcher.ts';
import { watcherContract } from './watcher-contract.ts';

watcherContract('native', makeNativeWatcher);
watcherContract('chokidar, polling', (location, options) =>
  makeChokidarWatcher(location, { ...options, pollEveryMs: 20 }),
);
watcherContract('chokidar, native events', (location, options) =>
  makeChokidarWatcher(location, { ...options, pollEveryMs: null }),
);
