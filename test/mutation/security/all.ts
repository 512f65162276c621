import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMutants } from '../read-mutants.ts';

/** Security checks, each removed in turn. */
export const securityMutants = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.mutants'))
  .sort()
  .flatMap((name) => readMutants(join(import.meta.dirname, name)));
