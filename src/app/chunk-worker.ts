import { parentPort } from 'node:worker_threads';
import { must } from '../common/errors.ts';
import { openChunk, sealChunk } from '../crypto/chunk.ts';
import { systemRandom } from '../crypto/random.ts';
import { type ChunkDone, type ChunkTask, memoryOf } from './chunk-work.ts';

const port = must(parentPort, 'this runs in a thread of its own');

/** At once: a thread that makes little garbage else collects it only after tens of megabytes of such buffers. */
function free(bytes: Uint8Array): void {
  for (const memory of memoryOf(bytes)) memory.transfer(0);
}

function carryOut(task: ChunkTask): ChunkDone {
  const { id, bytes } = task;
  try {
    if (task.type === 'open') {
      const opened = openChunk(task.ref, bytes);
      free(bytes);
      return { id, type: 'opened', bytes: opened };
    }
    const { sealed, ...ref } = sealChunk(bytes, systemRandom);
    free(bytes);
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
