import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, errors, type Page } from 'playwright-core';
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
  /** The first window that it showed. */
  readonly page: Page;
  /** What its windows show now, the popup's among them. */
  pages(): readonly Page[];
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
export const byElectron = (root: string, words: readonly string[] = []): Start => ({
  program: electronProgram,
  words: [...switches, root, ...words],
});

export interface Launched extends Pick<StartedApp, 'pid' | 'gone' | 'startedAt'> {
  /** Its first window, once there is one. */
  connect(): Promise<StartedApp>;
  end(): Promise<void>;
}

/** Starts the app and waits for nothing. `hear` gets what it writes to its standard error. */
export function launchApp(
  { program, words }: Start,
  home: string,
  environment: Readonly<Record<string, string>>,
  hear?: (text: string) => void,
): Launched {
  const portFile = join(home, 'window', 'DevToolsActivePort');
  rmSync(portFile, { force: true });
  const startedAt = Date.now();
  const child = spawn(program, words, {
    cwd: repository,
    env: { ...environment, HOLDFAST_HOME: home, HOLDFAST_ENGINE_NODE: process.execPath },
    stdio: ['ignore', 'ignore', hear === undefined ? 'ignore' : 'pipe'],
  });
  if (hear !== undefined) child.stderr?.setEncoding('utf8').on('data', hear);
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
  };
  const launched = { pid: must(child.pid), gone, startedAt };
  return { ...launched, end, connect: async () => connectTo({ ...launched, end }, portFile) };
}

/** The app with its window, which a debugger drives. */
export async function startApp(
  { program, words }: Start,
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<StartedApp> {
  const launched = launchApp({ program, words: [...words, debuggable] }, home, environment);
  return launched.connect().catch(async (error: unknown) => {
    await launched.end();
    throw error;
  });
}

/** Chromium's debugger, at a port that is free. */
export const debuggable = '--remote-debugging-port=0';

/** The app in the tray alone, with no window that anything could be asked by; there once its engine can be reached. */
export async function startHidden(
  root: string,
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<Pick<StartedApp, 'pid' | 'close'>> {
  const { pid, end } = launchApp(byElectron(root, ['--hidden']), home, environment);
  await eventually(() => existsSync(join(home, 'daemon.json')));
  return { pid, close: end };
}

async function connectTo(launched: Omit<Launched, 'connect'>, portFile: string): Promise<StartedApp> {
  const { end, ...program } = launched;
  const browser = await debuggerAt(portFile);
  const pages = () => browser.contexts()[0]?.pages() ?? [];
  const page = await eventually(() => pages()[0]);
  return {
    ...program,
    page,
    pages,
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

/** Once there is a window: a debugger that comes before it waits for ever. */
async function debuggerAt(portFile: string): Promise<Browser> {
  const port = await eventually(() => (existsSync(portFile) && readFileSync(portFile, 'utf8').split('\n')[0]) || null);
  await eventually(async () => {
    const listed = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
      type: string;
      url: string;
    }[];
    return listed.some(({ type, url }) => type === 'page' && url.startsWith('holdfast-app:'));
  });
  for (let left = 5; ; left--) {
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: 6_000 });
    } catch (error) {
      // One that comes while it is still being made waits for ever, too.
      if (left === 0 || !(error instanceof errors.TimeoutError)) throw error;
    }
  }
}
