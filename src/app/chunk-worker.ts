import { parentPort } from 'node:worker_threads';
import { must } from '../common/errors.ts';
import { openChunk, sealChunk } from '../crypto/chunk.ts';
import { systemRandom } from '../crypto/random.ts';
import { type ChunkDone, type ChunkTask, memoryOf } from './chunk-work.ts';

const port = must(parentPort, 'this runs in a thread of its own');

function carryOut(task: ChunkTask): ChunkDone {
  const { id, bytes } = task;
  try {
    if (task.type === 'open') return { id, type: 'opened', bytes: openChunk(task.ref, bytes) };
    const { sealed, ...ref } = sealChunk(bytes, systemRandom);
    return { id, type: 'sealed', bytes: sealed, ref };
  } catch {
    // Whoever asked does it again, and so gets the failure itself.
    return { id, type: 'failed', bytes };
  }
}

port.on('message', (task: ChunkTask) => {
  const done = carryOut(task);
  port.postMessage(done, memoryOf(done.bytes));
});
