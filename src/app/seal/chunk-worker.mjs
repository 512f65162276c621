// @ts-check
// Plain JavaScript, as the start of the command line is: for the first file of a thread to have types, Node would load a
// compiler, which takes fifteen megabytes in each thread.
import { enableCompileCache, flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';

/** @type {{ readonly codeFolder?: string } | null} */
const given = workerData;
if (given?.codeFolder !== undefined) enableCompileCache(given.codeFolder);
await import('./chunk-worker.ts');
// Not only at the end: a thread that is ended with its program has none.
if (given?.codeFolder !== undefined) flushCompileCache();
