import { build } from 'vite';
import { repository } from '../../helpers/run.ts';

/** Bundles small programs for the Electron of these tests into a folder; `external`: packages that it finds there itself. */
export async function buildProgram(
  into: string,
  input: Readonly<Record<string, string>>,
  external: readonly string[],
): Promise<void> {
  await build({
    configFile: false,
    root: repository,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      outDir: into,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input,
        external: [...external],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
      },
    },
  });
}
