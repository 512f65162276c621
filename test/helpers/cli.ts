import { join } from 'node:path';
import { type Child, type Finished, repository, runNode, startNode } from './run.ts';
import { tempFolder } from './temp.ts';

export const testPassword = 'quiet lamp orbits seven pines';

const main = join(repository, 'src/cli/holdfast.mjs');

export interface Answer extends Finished {
  /** The one document on stdout; fails unless there is exactly that. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of many shapes
  readonly json: any;
}

export interface CliDevice {
  readonly home: string;
  /** A command with `--home` and `--json`. */
  run(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The same for people, without `--json`. */
  text(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Finished>;
  /** One that stays; resolves when it is ready, with the document that says so. */
  start(words: readonly string[]): Promise<{ readonly child: Child; readonly ready: Record<string, unknown> }>;
}

/** One device, as the command line has it: a home of its own. */
export async function cliDevice(name = 'device'): Promise<CliDevice> {
  const home = join(await tempFolder(name), 'home');
  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    XDG_CACHE_HOME: join(repository, 'node_modules/.cache'),
    HOLDFAST_HOME: undefined,
    HOLDFAST_KEY_PASSPHRASE: undefined,
    HOLDFAST_RECOVERY: undefined,
    HOLDFAST_PASSWORD: testPassword,
    ...more,
  });
  return {
    home,
    run: async (words, env) => {
      const done = await runNode([main, ...words, '--home', home, '--json'], { env: environment(env) });
      return {
        ...done,
        get json() {
          return JSON.parse(done.stdout);
        },
      };
    },
    text: (words, env) => runNode([main, ...words, '--home', home], { env: environment(env) }),
    start: async (words) => {
      const child = startNode([main, ...words, '--home', home, '--json'], { env: environment() });
      return { child, ready: JSON.parse(await child.line()) };
    },
  };
}

/** `holdfast serve` as a process of its own. */
export async function startCliServer(
  data?: string,
): Promise<{ readonly url: string; readonly child: Child; readonly data: string }> {
  const dataFolder = data ?? join(await tempFolder('server'), 'data');
  const child = startNode([main, 'serve', '--data', dataFolder, '--json']);
  const { url } = JSON.parse(await child.line()) as { url: string };
  return { url, child, data: dataFolder };
}
