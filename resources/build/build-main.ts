import { join } from 'node:path';
import { build } from 'vite';
import { repository } from './repository.ts';

/** Programs of the desktop app by their name in `dist/main`, each with what it is built of. */
const programs = {
  main: 'main/main.ts',
  engine: 'main/engine.ts',
  server: 'src/app/run-server.ts',
  'chunk-worker': 'src/app/chunk-worker.ts',
};

export interface BuildMain {
  /** Lets HOLDFAST_ENGINE_NODE name a Node that runs the engine in a packaged app as well: for tests, never for a release. */
  readonly mayChooseEngine: boolean;
  /** The folder that gets `dist`. */
  readonly into: string;
}

/** Strips and bundles what Electron runs. Packages stay outside, in node_modules, but the one that the app's own process uses most. */
export async function buildMain({ mayChooseEngine, into }: BuildMain): Promise<void> {
  const shared = {
    configFile: false,
    root: repository,
    logLevel: 'warn',
    publicDir: false,
    define: { __MAY_CHOOSE_ENGINE__: JSON.stringify(mayChooseEngine) },
  } as const;
  const outDir = join(into, 'dist', 'main');
  await build({
    ...shared,
    // The app's own process reads it at each start: a hundred small files take longer to read than to run.
    ssr: { noExternal: ['zod'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: {
        input: programs,
        external: ['electron', 'electron-updater'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
      },
    },
  });
  // A sandboxed preload script is one CommonJS file that requires nothing but electron.
  await build({
    ...shared,
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
