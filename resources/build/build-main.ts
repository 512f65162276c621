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

/** Packages with native code, and what Electron itself provides; node_modules has them. */
const outside = ['electron', 'electron-updater', 'better-sqlite3', '@napi-rs/blake-hash', '@node-rs/argon2'];

/**
 * Strips and bundles what Electron runs, with the packages that it uses. V8 keeps the text of every module in each thread, with two
 * bytes for each character if one is not Latin: what is said to readers only, and that, cost a tenth of what the app takes.
 */
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
    ssr: { noExternal: true, external: outside },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rollupOptions: {
        input: programs,
        external: outside,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'parts/[name]-[hash].js',
          // Names stay, for what is logged of a failure.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true, asciiOnly: true } },
        },
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
