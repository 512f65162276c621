import { parentPort } from 'node:worker_threads';
import { must } from '../common/errors.ts';
import { freeMemory } from '../common/free-memory.ts';
import { openChunk, sealChunk } from '../crypto/chunk.ts';
import { systemRandom } from '../crypto/random.ts';
import { type ChunkDone, type ChunkTask, memoryOf } from './chunk-work.ts';
import { openMany } from './open-many.ts';

const port = must(parentPort, 'this runs in a thread of its own');

function carryOut(task: ChunkTask): ChunkDone {
  if (task.type === 'open-many') return { id: task.id, type: 'opened-many', many: openMany(task.many, systemRandom) };
  const { id, bytes } = task;
  // What is around the bytes came over with them.
  const memory = new Uint8Array(bytes.buffer);
  try {
    if (task.type === 'open') {
      const opened = openChunk(task.ref, bytes);
      freeMemory(memory);
      return { id, type: 'opened', bytes: opened };
    }
    const { sealed, ...ref } = sealChunk(bytes, systemRandom);
    freeMemory(memory);
    return { id, type: 'sealed', bytes: sealed, ref };
  } catch {
    // Whoever asked does it again, and so gets the failure itself.
    return { id, type: 'failed', bytes };
  }
}

port.on('message', (task: ChunkTask) => {
  const done = carryOut(task);
  port.postMessage(
    done,
    done.type === 'opened-many' ? [...memoryOf(done.many.plain), ...memoryOf(done.many.known)] : memoryOf(done.bytes),
  );
});
