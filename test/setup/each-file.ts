import { configureGlobal } from 'fast-check';
import { afterAll } from 'vitest';
import { killChildren } from '../helpers/run.ts';
import { removeTempFolders } from '../helpers/temp.ts';

// Vitest itself fails the run on an unhandled rejection or exception. A leak of listeners is only a warning in Node; here
// it is a failure as well.
process.on('warning', (warning) => {
  if (warning.name === 'MaxListenersExceededWarning') throw warning;
});

// What a new file may be depends on it: others are set where they are meant.
process.umask(0o022);

// One and the same cases on each machine, so that a stranger's run tells of their change and not of their luck. Others come
// with PROPERTY_SEED, and by the scripts that try as many as one likes.
configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

afterAll(async () => {
  await killChildren();
  await removeTempFolders();
});
