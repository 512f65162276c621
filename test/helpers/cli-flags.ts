import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './run.ts';

const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
  readonly scripts: { readonly cli: string };
};

/** What Node is told before the command line's program, as `npm run cli` does. */
export const cliFlags: readonly string[] = scripts.cli.split(' ').slice(1, -1);
