import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { must } from '../../../src/common/errors.ts';
import type { Reply } from '../../../src/rpc/dispatch.ts';
import { electronProgram, switches } from '../../e2e/app/electron.ts';
import { eventually } from '../../helpers/eventually.ts';
import { repository } from '../../helpers/run.ts';

/** The app as a person starts it, watched from outside. */
export interface StartedApp {
  /** Of the program that was started. */
  readonly pid: number;
  /** When it is gone: its exit code. */
  readonly gone: Promise<number | null>;
  readonly startedAt: number;
  readonly page: Page;
  answer<T>(name: string, input?: unknown): Promise<T>;
  /** No debugger from here on: it costs the app memory and time. */
  letGo(): Promise<void>;
  close(): Promise<void>;
}

/** A way to start it. */
export interface Start {
  readonly program: string;
  readonly words: readonly string[];
}

/** Electron itself, with the app that was built at `root`. */
export const byElectron = (root: string): Start => ({ program: electronProgram, words: [...switches, root] });

export async function startApp(
  { program, words }: Start,
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<StartedApp> {
  const portFile = join(home, 'window', 'DevToolsActivePort');
  rmSync(portFile, { force: true });
  const startedAt = Date.now();
  const child: ChildProcess = spawn(program, [...words, '--remote-debugging-port=0'], {
    cwd: repository,
    env: { ...environment, HOLDFAST_HOME: home, HOLDFAST_ENGINE_NODE: process.execPath },
    stdio: 'ignore',
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
  };
  const browser = await connect(portFile).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const pages = () => browser.contexts()[0]?.pages() ?? [];
  const page = await eventually(() => pages()[0]);
  return {
    pid: must(child.pid),
    gone,
    startedAt,
    page,
    answer: async <T>(name: string, input: unknown = {}) => {
      const reply = (await page.evaluate(`holdfast.ask(${JSON.stringify(name)}, ${JSON.stringify(input)})`)) as Reply;
      if (!reply.ok) throw new Error(`${name}: ${reply.failure.message}`);
      return reply.value as T;
    },
    letGo: () => browser.close(),
    close: async () => {
      await browser.close().catch(() => undefined);
      await end();
    },
  };
}

/** The app in the tray alone, with no window that anything could be asked by; there once its engine can be reached. */
export async function startHidden(
  root: string,
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<Pick<StartedApp, 'pid' | 'close'>> {
  const { program, words } = byElectron(root);
  const child = spawn(program, [...words, '--hidden'], {
    env: { ...environment, HOLDFAST_HOME: home, HOLDFAST_ENGINE_NODE: process.execPath },
    stdio: 'ignore',
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await eventually(() => existsSync(join(home, 'daemon.json')), { within: 30_000 });
  return {
    pid: must(child.pid),
    close: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Once there is a window: a debugger that comes before it waits for ever. */
async function connect(portFile: string): Promise<Browser> {
  const within = { within: 30_000 };
  const port = await eventually(
    () => (existsSync(portFile) && readFileSync(portFile, 'utf8').split('\n')[0]) || null,
    within,
  );
  await eventually(async () => {
    const listed = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      type: string;
      url: string;
    }[];
    return listed.some(({ type, url }) => type === 'page' && url.startsWith('holdfast-app:'));
  }, within);
  return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
}
