/** Puts the mutant into sources that Node itself loads: `node --import ./test/mutation/load-mutant.ts`. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mutantOf, mutated } from './mutant.ts';

const patch = mutantOf(process.env);
if (patch !== null) {
  const target = pathToFileURL(join(import.meta.dirname, '../..', patch.file)).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== target) return loaded;
      const { source } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array());
      return { ...loaded, source: mutated(text, patch) };
    },
  });
}
