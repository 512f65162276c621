import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { Page } from 'playwright-core';
import { uiFiles, uiFolder, uiPolicy } from '../../../src/app/door/ui-files.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import type { CommandName, Input, Output } from '../../../src/rpc/contract.ts';
import { failureFrom } from '../../../src/rpc/failure.ts';
import { patience } from '../../helpers/eventually.ts';
import { buildWindow } from './built-window.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

/** What a made-up engine says; what is left out never answers, as an engine that is slow. */
export type Answers = { readonly [N in CommandName]?: (input: Input<N>) => Output<N> | Promise<Output<N>> };

export interface Stage {
  /**
   * The stage's page, with a window that begins anew and talks to these answers, as in the desktop app. It is one and the same
   * page as long as nobody closes it: a new one takes longer than the window itself.
   */
  show(answers: Answers, options: ShowOptions): Promise<Page>;
  close(): Promise<void>;
}

export interface ShowOptions {
  readonly at: string;
  readonly size: { readonly width: number; readonly height: number };
}

/**
 * The window, built and in a Chromium of its own, with an engine that can be put into any state at once, also into those that are
 * rare and hard to bring about. Throws where there is no Chromium.
 */
export async function openStage(): Promise<Stage> {
  await buildWindow();
  const browser = await launchChromium(must(chromiumPath));
  const files = uiFiles(uiFolder());
  const server = createServer(({ url = '/' }, response) => {
    const path = url.split('?', 1)[0] ?? '/';
    const file = files.get(path);
    if (file === undefined) return response.writeHead(404).end();
    // What the browser keeps, it need not compile again.
    const more =
      extname(path) === ''
        ? { 'content-security-policy': uiPolicy("'none'") }
        : { 'cache-control': 'max-age=3600, immutable' };
    return response.writeHead(200, { 'content-type': file.type, ...more }).end(file.read());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  // By what stands in its address: what the former window still asks for is not meant for the next one's answers.
  const shown = new Map<string, Answers>();
  await context.exposeFunction('askTheStage', (window: string, name: CommandName, input: unknown) =>
    reply(shown.get(window) ?? {}, name, input),
  );
  // Nobody was told of anything yet.
  await context.addInitScript('localStorage.clear()');
  await context.addInitScript(bridge);
  let page: Page | undefined;

  return {
    show: async (answers, { at, size }) => {
      if (page === undefined || page.isClosed()) page = await context.newPage();
      page.setDefaultTimeout(patience);
      await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' });
      await page.setViewportSize(size);
      await page.mouse.move(0, 0);
      const window = `?${shown.size}`;
      shown.set(window, answers);
      await page.goto(`http://127.0.0.1:${port}/${window}#/${at}`);
      return page;
    },
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function reply(answers: Answers, name: CommandName, input: unknown): Promise<unknown> {
  const answer = answers[name] as ((input: unknown) => unknown) | undefined;
  if (answer === undefined) return new Promise(() => undefined);
  try {
    return { ok: true, value: await answer(input) };
  } catch (error) {
    return { ok: false, failure: failureFrom(error) };
  }
}

/** In the page, as a string: it is no code of this side. */
const bridge = `window.holdfast = {
  ask: (name, input) => window.askTheStage(location.search, name, input),
  listen: (tell) => {
    window.tellTheWindow = tell;
    window.holdfast.ask('status', {}).then(({ ok, value }) => ok && tell({ type: 'status', status: value }));
    return () => undefined;
  },
};`;

/** Lets the made-up engine speak by itself. */
export const tell = (page: Page, event: unknown): Promise<unknown> =>
  page.evaluate(`window.tellTheWindow(${JSON.stringify(event)})`);

export const failing =
  (message: string, kind: HoldfastError['kind'] = 'offline') =>
  (): never => {
    throw new HoldfastError(kind, message);
  };
