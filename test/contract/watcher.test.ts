import { makeNativeWatcher } from '../../src/local/native-watcher.ts';
import { watcherContract } from './watcher-contract.ts';

watcherContract('native', makeNativeWatcher);
