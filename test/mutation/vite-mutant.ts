import { join } from 'node:path';
import { mutantOf, mutated } from './mutant.ts';

/** Puts the mutant into sources that Vite loads, as those of tests are. None in an ordinary run. */
export function mutantPlugins() {
  const patch = mutantOf(process.env);
  if (patch === null) return [];
  const target = join(import.meta.dirname, '../..', patch.file);
  return [
    {
      name: 'mutant',
      enforce: 'pre' as const,
      transform: (code: string, id: string) =>
        id.split('?')[0] === target ? { code: mutated(code, patch) } : undefined,
    },
  ];
}
