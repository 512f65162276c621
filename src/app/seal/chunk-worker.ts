import { parentPort } from 'node:worker_threads';
import { must } from '../../common/errors.ts';
import { freeMemory } from '../../common/free-memory.ts';
import { ifSealedFrom, openChunk, sealChunk } from '../../crypto/chunk.ts';
import { systemRandom } from '../../crypto/random.ts';
import { type ChunkDone, type ChunkTask, memoryOf } from './chunk-work.ts';
import { openMany } from './open-many.ts';
import { openRows } from './open-rows.ts';
import { sealMany } from './seal-many.ts';
import { sealRows } from './seal-rows.ts';

const port = must(parentPort, 'this runs in a thread of its own');

function carryOut(task: ChunkTask): ChunkDone {
  if (task.type === 'open-many') return { id: task.id, type: 'opened-many', many: openMany(task.many, systemRandom) };
  if (task.type === 'seal-many') return { id: task.id, type: 'sealed-many', many: sealMany(task.many, systemRandom) };
  if (task.type === 'seal-rows') return { id: task.id, type: 'sealed-rows', bytes: sealRows(task.rows, systemRandom) };
  const { id, bytes } = task;
  // What is around the bytes came over with them.
  const memory = new Uint8Array(bytes.buffer);
  try {
    if (task.type === 'open-rows') return { id, type: 'opened-rows', bytes: openRows(task) };
    if (task.type === 'open') {
      const opened = openChunk(task.ref, bytes);
      freeMemory(memory);
      return { id, type: 'opened', bytes: opened };
    }
    if (task.type === 'compare') {
      const same = ifSealedFrom(task.ref, bytes);
      return same === null ? { id, type: 'other' } : { id, type: 'same', bytes: same };
    }
    const { sealed, ...ref } = sealChunk(bytes, systemRandom);
    freeMemory(memory);
    return { id, type: 'sealed', bytes: sealed, ref };
  } catch {
    // Whoever asked does it again, and so gets the failure itself.
    return { id, type: 'failed', bytes };
  }
}

function partsOf(done: ChunkDone): readonly Uint8Array[] {
  if (done.type === 'opened-many') return [done.many.plain, done.many.known];
  if (done.type === 'other') return [];
  if (done.type === 'sealed-many') return [done.many.sealed, done.many.pins, done.many.refs];
  return [done.bytes];
}

port.on('message', (task: ChunkTask) => {
  const done = carryOut(task);
  port.postMessage(done, partsOf(done).flatMap(memoryOf));
});
