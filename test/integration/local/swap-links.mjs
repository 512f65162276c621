// Swaps a folder for a link to somewhere else and back, as fast as it can, until told to stop.
import { renameSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { folder, link, aside } = workerData;
let isEnding = false;
parentPort.on('message', () => {
  isEnding = true;
});
let swaps = 0;
function swap() {
  for (let i = 0; i < 50; i++) {
    try {
      renameSync(folder, aside);
      renameSync(link, folder);
      renameSync(folder, link);
      renameSync(aside, folder);
      swaps++;
    } catch (error) {
      parentPort.postMessage({ error: String(error) });
      return;
    }
  }
  if (isEnding) parentPort.postMessage({ swaps });
  else setImmediate(swap);
}
swap();
