import { engineMutants } from './engine-mutants.ts';
import type { Mutant } from './mutant.ts';
import { planMutants } from './plan-mutants.ts';
import { stopMutants } from './stop-mutants.ts';
import { storeMutants } from './store-mutants.ts';

/**
 * Bugs that the simulation has to find. Not among them are bugs that the code mends by itself, in the next round at the
 * latest: a download settled in two transactions, an order of deletes that preconditions refuse, a live node below a deleted one.
 */
export const mutants: readonly Mutant[] = [...planMutants, ...engineMutants, ...stopMutants, ...storeMutants];
