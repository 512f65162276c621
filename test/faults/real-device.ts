import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Issue } from '../../src/model/status.ts';
import type { HomeStatus, SyncReport } from '../../src/rpc/home-report.ts';
import { testPassword } from '../helpers/cli.ts';
import { eventually } from '../helpers/eventually.ts';
import { noCounts } from '../helpers/no-counts.ts';
import { type Child, type Finished, repository, startNode } from '../helpers/run.ts';
import { type Files, filesIn } from '../helpers/scenario-files.ts';
import { tempFolder } from '../helpers/temp.ts';

export interface RealDeviceSetup {
  /** Where home and folder are made; default a new folder each. */
  readonly home?: string;
  readonly folder?: string;
}

/** How one process differs from a plain one. */
export interface ProcessSetup {
  /** Modules loaded before the program. */
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Done extends Finished {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into documents of many shapes
  readonly json: any;
}

/** One device as a person has it: a home, a folder, and a program that is started, killed and asked. */
export interface RealDevice {
  readonly name: string;
  readonly home: string;
  readonly files: Files;
  /** A command with `--home` and `--json`; throws unless it ends with an exit code that is allowed (default 0). */
  run(words: readonly string[], how?: ProcessSetup & { readonly codes?: readonly number[] }): Promise<Done>;
  /** A sync by command, which must converge. */
  sync(how?: ProcessSetup): Promise<SyncReport>;
  /** The same, which may end otherwise, but never as a bug. */
  trySync(
    how?: ProcessSetup & { readonly codes?: readonly number[] },
  ): Promise<SyncReport & { readonly code: number | null }>;
  /** A sync that is killed so many milliseconds after its start, wherever that is. Says whether it was still running. */
  syncAndKill(afterMs: number, how?: ProcessSetup): Promise<boolean>;
  startSync(how?: ProcessSetup): Child;
  /** Watches and syncs until `kill`. */
  startDaemon(how?: ProcessSetup): Promise<Child>;
  readonly daemon: Child | null;
  kill(signal?: NodeJS.Signals): Promise<void>;
  status(): Promise<HomeStatus>;
  issues(): Promise<readonly Issue[]>;
  /** Until the daemon's status satisfies `accept`; default: it says that all is up to date. */
  until(accept?: (status: HomeStatus) => boolean, what?: string): Promise<HomeStatus>;
  /** What is left in the stage of its folder. */
  stage(): readonly string[];
  /** Runs SQLite's own check over the index of the pair. Nothing may be running. */
  integrity(): readonly string[];
}

const main = join(repository, 'src/cli/holdfast.mjs');
/** What a sync may end with that is no bug and no security stop. */
const ordinary = [0, 2, 3, 4];

export async function realDevice(name: string, setup: RealDeviceSetup = {}): Promise<RealDevice> {
  const base = await tempFolder(name);
  const home = setup.home ?? join(base, 'home');
  const files = filesIn(setup.folder ?? join(base, 'folder'));
  let daemon: Child | null = null;

  const start = (words: readonly string[], { imports = [], env = {} }: ProcessSetup = {}): Child =>
    startNode([...imports.flatMap((file) => ['--import', file]), main, ...words, '--home', home, '--json', '--debug'], {
      env: {
        XDG_CACHE_HOME: join(repository, 'node_modules/.cache'),
        HOLDFAST_HOME: undefined,
        HOLDFAST_KEY_PASSPHRASE: undefined,
        HOLDFAST_RECOVERY: undefined,
        HOLDFAST_PASSWORD: testPassword,
        ...env,
      },
    });

  const finish = async (words: readonly string[], how?: ProcessSetup): Promise<Done> => {
    const done = await start(words, how).finished;
    return {
      ...done,
      get json() {
        return JSON.parse(done.stdout);
      },
    };
  };
  const said = ({ code, signal, stdout, stderr }: Finished): string => `${code ?? signal}\n${stdout}\n${stderr}`;

  const run: RealDevice['run'] = async (words, how = {}) => {
    const done = await finish(words, how);
    if (!(how.codes ?? [0]).includes(done.code ?? -1)) throw new Error(`${name}: ${words.join(' ')}: ${said(done)}`);
    return done;
  };

  const trySync: RealDevice['trySync'] = async (how) => {
    const done = await finish(['sync'], how);
    if (done.code === null || !(how?.codes ?? ordinary).includes(done.code))
      throw new Error(`${name}: sync: ${said(done)}`);
    const report = done.stdout === '' ? {} : (done.json as Partial<SyncReport>);
    return { ...noReport, ...report, code: done.code };
  };

  const status = async (): Promise<HomeStatus> => (await run(['status'])).json;
  const issues = async (): Promise<readonly Issue[]> =>
    ((await run(['issues'], { codes: [0, 2] })).json as { issues: readonly Issue[] }).issues;

  return {
    name,
    home,
    files,
    run,
    trySync,
    sync: async (how) => {
      const report = await trySync(how);
      if (!report.converged) throw new Error(`${name} did not converge: ${JSON.stringify(report)}`);
      return report;
    },
    syncAndKill: async (afterMs, how) => {
      const child = start(['sync'], how);
      const timer = setTimeout(() => child.signal('SIGKILL'), afterMs);
      const { signal } = await child.finished;
      clearTimeout(timer);
      return signal === 'SIGKILL';
    },
    startSync: (how) => start(['sync'], how),
    startDaemon: async (how) => {
      daemon = start(['daemon'], how);
      await daemon.line((line) => line.startsWith('{'));
      return daemon;
    },
    get daemon() {
      return daemon;
    },
    kill: async (signal = 'SIGKILL') => {
      const dying = daemon;
      daemon = null;
      await dying?.kill(signal);
    },
    status,
    issues,
    until: async (accept = (now) => now.state === 'up-to-date', what = 'the status awaited') => {
      let last: HomeStatus | null = null;
      try {
        return await eventually(
          async () => {
            last = await status();
            return accept(last) ? last : null;
          },
          { what: `${name}: ${what}` },
        );
      } catch (cause) {
        throw new Error(`${(cause as Error).message}; ${JSON.stringify(last)}`, { cause });
      }
    },
    stage: () => readdirSync(files.at('.holdfast/stage')),
    integrity: () =>
      readdirSync(join(home, 'pairs')).flatMap((pair) => {
        const index = new Database(join(home, 'pairs', pair, 'index.db'), { readonly: true });
        try {
          const found = index.pragma('integrity_check', { simple: true });
          return found === 'ok' ? [] : [String(found)];
        } finally {
          index.close();
        }
      }),
  };
}

/** Of a run that ended before there was anything to report. */
const noReport: SyncReport = {
  converged: false,
  state: 'offline',
  ...noCounts,
  pairs: [],
};
