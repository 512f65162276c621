import { engineMutants } from './engine-mutants.ts';
import type { Mutant } from './mutant.ts';
import { planMutants } from './plan-mutants.ts';
import { storeMutants } from './store-mutants.ts';

/** Bugs that the simulation has to find. */
export const mutants: readonly Mutant[] = [...planMutants, ...engineMutants, ...storeMutants];
