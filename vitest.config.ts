import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { mutantPlugins } from './test/mutation/vite-mutant.ts';

/**
 * Two groups, one after the other: what only computes, then what starts processes and syncs disks, so that neither the
 * one nor the other makes the rest late. New kinds of tests go into one of the two lists.
 */
const quick = ['house', 'unit', 'property', 'vectors', 'contract'];
const whole = ['integration', 'sim', 'hostile', 'e2e'];

const files = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  plugins: mutantPlugins(),
  test: {
    pool: 'forks',
    // Most of it waits for processes and disks: one worker would leave half of a small machine idle.
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
    environment: 'node',
    dangerouslyIgnoreUnhandledErrors: false,
    globalSetup: ['./test/setup/need-node.mjs'],
    setupFiles: ['./test/setup/each-file.ts'],
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: { name: 'quick', include: files(quick), testTimeout: 120_000, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'whole', include: files(whole), testTimeout: 240_000, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
