import { getHeapSpaceStatistics } from 'node:v8';
import { processPort } from '../../../../src/app/host/process-port.ts';

/** A program that is started as the engine is, and does what it is told. */
const port = processPort();

/** Enough that V8 makes the space for young objects as large as it may be. */
function youngHeap(): number {
  let kept: unknown[] = [];
  for (let i = 0; i < 2_000_000; i++) kept = [i, [kept.length]];
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}

port.onMessage((message) => {
  if (message === 'stop') port.close();
  else if (message === 'measure') port.post({ youngHeap: youngHeap(), words: process.argv.slice(2) });
  else if (message === 'hang') {
    process.on('SIGTERM', () => undefined);
    port.post('hanging');
    for (;;);
  } else port.post({ heard: message });
});
port.post('ready');
