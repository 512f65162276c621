import { build } from 'vite';
import { licences } from './licences.ts';

/** Packages with native code, and what Electron itself provides; node_modules has them. */
export const outside = ['electron', 'electron-updater', 'better-sqlite3', '@napi-rs/blake-hash', '@node-rs/argon2'];

interface Bundle {
  readonly root: string;
  readonly outDir: string;
  /** By their name in `outDir`, what each is built of. */
  readonly programs: Readonly<Record<string, string>>;
  readonly target: string;
  readonly emptyOutDir: boolean;
  readonly define?: Readonly<Record<string, string>>;
}

/**
 * Strips and bundles programs for Node with the packages that they use; gives the paths of all modules that are in them. V8
 * keeps the text of every module in each thread, with two bytes for each character if one is not Latin: comments and such
 * characters took a tenth of the app's memory.
 */
export async function bundle({ root, outDir, programs, target, emptyOutDir, define = {} }: Bundle): Promise<string[]> {
  const modules = new Set<string>();
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    define,
    ssr: { noExternal: true, external: outside },
    build: {
      ssr: true,
      outDir,
      emptyOutDir,
      target,
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
    plugins: [
      licences(),
      {
        name: 'modules',
        generateBundle: (_, made) => {
          for (const part of Object.values(made)) {
            if (part.type === 'chunk') for (const path of Object.keys(part.modules)) modules.add(path);
          }
        },
      },
    ],
  });
  return [...modules];
}
