import { join } from 'node:path';

/** The folder of package.json. */
export const repository = join(import.meta.dirname, '..', '..');
