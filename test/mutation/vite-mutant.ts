import { join } from 'node:path';
import type { Vite, VitestPluginContext } from 'vitest/node';
import { mutantOf, mutated } from './mutant.ts';

/** Puts the mutant into sources that Vite loads, as those of tests are. None in an ordinary run. */
export function mutantPlugins(): Vite.Plugin[] {
  const patch = mutantOf(process.env);
  if (patch === null) return [];
  const target = join(import.meta.dirname, '../..', patch.file);
  return [
    {
      name: 'mutant',
      enforce: 'pre',
      transform: (code: string, id: string) =>
        id.split('?')[0] === target ? { code: mutated(code, patch) } : undefined,
      // Vitest keeps what it transformed on disk, for the runs that follow.
      configureVitest: ({ defineCacheKeyGenerator }: VitestPluginContext) =>
        defineCacheKeyGenerator(({ id }) => (id.split('?')[0] === target ? false : undefined)),
    },
  ];
}
