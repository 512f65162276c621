/** Puts the mutant into sources that Node itself loads: `node --import ./test/mutation/load-mutant.ts`. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mutantOf, mutated } from './mutant.ts';

const patch = mutantOf(process.env);
if (patch !== null) {
  const urlOf = (file: string): string => pathToFileURL(join(import.meta.dirname, '../..', file)).href;
  const target = urlOf(patch.file);
  const chooser = urlOf('src/cli/built-command.mjs');
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      // What was built of the sources as they are has no mutant in it.
      if (url === chooser) return { ...loaded, source: 'export const builtCommand = () => null;' };
      if (url !== target) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array());
      return { ...loaded, source: mutated(text, patch) };
    },
  });
}
