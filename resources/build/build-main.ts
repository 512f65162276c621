import { join } from 'node:path';
import { build } from 'vite';
import { bundle } from './bundle.ts';
import { repository } from './repository.ts';

/** Programs of the desktop app by their name in `dist/main`, each with what it is built of. */
const programs = {
  main: 'main/main.ts',
  engine: 'main/engine.ts',
  server: 'src/app/own-server/run-server.ts',
  'chunk-worker': 'src/app/seal/chunk-worker.ts',
};

export interface BuildMain {
  /** Lets HOLDFAST_ENGINE_NODE name a Node that runs the engine in a packaged app as well: for tests, never for a release. */
  readonly mayChooseEngine: boolean;
  /** The folder that gets `dist`. */
  readonly into: string;
}

/** Builds what Electron runs into `dist/main`. */
export async function buildMain({ mayChooseEngine, into }: BuildMain): Promise<void> {
  const outDir = join(into, 'dist', 'main');
  const define = { __MAY_CHOOSE_ENGINE__: JSON.stringify(mayChooseEngine) };
  await bundle({ root: repository, outDir, programs, target: 'node20', emptyOutDir: true, define });
  // A sandboxed preload script is one CommonJS file that requires nothing but electron.
  await build({
    configFile: false,
    root: repository,
    logLevel: 'warn',
    publicDir: false,
    define,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'chrome130',
      rollupOptions: {
        input: { preload: 'main/preload.ts' },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  });
}
