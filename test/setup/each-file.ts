import { afterAll } from 'vitest';
import { killChildren } from '../helpers/run.ts';
import { removeTempFolders } from '../helpers/temp.ts';

// Vitest itself fails the run on an unhandled rejection or exception. A leak of listeners is only a warning in Node; here
// it is a failure as well.
process.on('warning', (warning) => {
  if (warning.name === 'MaxListenersExceededWarning') throw warning;
});

afterAll(async () => {
  await killChildren();
  await removeTempFolders();
});
