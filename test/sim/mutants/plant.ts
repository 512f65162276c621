import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { cannotBePlanted } from './mutant.ts';
import { mutants } from './mutants.ts';

/**
 * Loaded before anything else (`node --import`): the source of each module named by the mutant in `HOLDFAST_MUTANT` is
 * changed as it is loaded. Nothing is ever written to the tree.
 */
const root = new URL('../../../', import.meta.url);
const id = process.env['HOLDFAST_MUTANT'];
const mutant = mutants.find((each) => each.id === id);
if (mutant === undefined) throw new Error(`there is no mutant ${id}`);

const changes = new Map<string, { readonly find: string; readonly replace: string }[]>();
for (const { file, find, replace } of [mutant, ...(mutant.scale ?? [])]) {
  const url = new URL(file, root).href;
  changes.set(url, [...(changes.get(url) ?? []), { find, replace }]);
}

registerHooks({
  load(url, context, nextLoad) {
    const wanted = changes.get(url);
    if (wanted === undefined) return nextLoad(url, context);
    let source = readFileSync(new URL(url), 'utf8');
    for (const { find, replace } of wanted) {
      if (source.split(find).length !== 2) throw new Error(`${cannotBePlanted}: ${mutant.id} in ${url}`);
      source = source.replace(find, () => replace);
    }
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
