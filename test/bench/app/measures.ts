import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { HomeStatus } from '../../../src/rpc/home-report.ts';
import type { DrivenApp } from '../../e2e/app/driven-app.ts';
import { eventually } from '../../helpers/eventually.ts';
import { cpuTime, type Memory, memoryOf, roleOf, withDescendants } from './processes.ts';
import type { StartedApp } from './started-app.ts';

/** Milliseconds from the start of the process to the first content on the screen. */
export async function firstPaint({ page, startedAt }: StartedApp): Promise<number> {
  const painted = (await eventually(
    () =>
      page.evaluate(`(() => {
        const paint = performance.getEntriesByName('first-contentful-paint')[0];
        return paint && performance.timeOrigin + paint.startTime;
      })()`),
    { within: 20_000 },
  )) as number;
  return painted - startedAt;
}

/**
 * Milliseconds from the click at the tray to the second frame of the popup that is on the screen, each time it is opened after
 * the first.
 */
export async function popupTimes(app: DrivenApp, environment: Readonly<Record<string, string>>): Promise<number[]> {
  const click = (x: number, y: number) =>
    spawnSync('xdotool', ['mousemove', String(x), String(y), 'click', '1'], { env: environment });
  const clickTray = () => click(1268, 12);
  // The window's title: the popup goes when something else is clicked.
  const clickElsewhere = () => click(500, 80);
  const isShown = () =>
    app.main.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some((each) => each.isVisible() && each.webContents.getURL().endsWith('#/popup')),
    );
  const { pages } = await app.connect();
  clickTray();
  const popup = await eventually(() => pages().find((each) => each.url().endsWith('#/popup')), { within: 30_000 });
  await popup.getByRole('link').first().waitFor();
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    clickElsewhere();
    await eventually(async () => !(await isShown()), { what: 'a popup that is away' });
    // Not the click that closed it, and no person is faster.
    await pause(700);
    const shown = app.main.evaluate(
      ({ BrowserWindow }) =>
        new Promise<number>((resolve, reject) => {
          const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL().endsWith('#/popup'));
          const frame =
            'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now()))))';
          if (window === undefined) reject(new Error('There is no popup.'));
          else window.once('show', () => window.webContents.executeJavaScript(frame).then(resolve, reject));
        }),
    );
    // The question has to be there before the click.
    await app.main.evaluate(() => undefined);
    const clickedAt = Date.now();
    clickTray();
    times.push((await shown) - clickedAt);
  }
  return times;
}

export interface Frames {
  readonly perSecond: number;
  /** Milliseconds between two frames that 99 of 100 stay below. */
  readonly slowest: number;
  readonly seconds: number;
}

/** How smoothly the window draws while so many small files go up. */
export async function framesWhileSyncing(app: StartedApp, folder: string, files: number): Promise<Frames> {
  for (let at = 0; at < files; at++) {
    const inside = join(folder, `folder ${at % 100}`);
    if (at < 100) mkdirSync(inside, { recursive: true });
    writeFileSync(join(inside, `file ${at}.txt`), `content ${at} `.repeat(50));
  }
  await app.page.evaluate(`(() => {
    window.frames_ = [];
    const next = (at) => { if (window.frames_ === null) return; window.frames_.push(at); requestAnimationFrame(next); };
    requestAnimationFrame(next);
  })()`);
  await app.answer('add', { folder, vault: 'bench', isPaused: false });
  await eventually(
    async () => {
      const { state, pairs } = await app.answer<HomeStatus>('status');
      return state === 'up-to-date' && pairs[0]?.files === files;
    },
    { within: 180_000 },
  );
  // The counting ends here: by itself it would cost the idle app some percent of a processor.
  const at = (await app.page.evaluate(
    '(() => { const at = window.frames_; window.frames_ = null; return at; })()',
  )) as number[];
  const gaps = at.slice(1).map((time, i) => time - (at[i] ?? time));
  const seconds = ((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000;
  const sorted = gaps.sort((a, b) => a - b);
  return { perSecond: gaps.length / seconds, slowest: sorted[Math.floor(sorted.length * 0.99)] ?? 0, seconds };
}

export interface Share {
  readonly role: string;
  /** Share of one processor, in percent. */
  readonly cpu: number;
  readonly memory: Memory;
}

/** What each process of the app costs while nothing happens, over so many seconds. */
export async function idle(pid: number, seconds: number): Promise<Share[]> {
  const before = withDescendants(pid).map((each) => ({ pid: each, time: cpuTime(each) }));
  await pause(seconds * 1000);
  return before.map(({ pid: each, time }) => ({
    role: roleOf(each),
    cpu: (cpuTime(each) - time) / (seconds * 10),
    memory: memoryOf(each),
  }));
}

/** Milliseconds of processor time in a second that are the timers of an app that waits. */
const waiting = 20;

/**
 * Waits until the app takes no more and no less memory than a moment before, and next to no time: what a start or a sync left
 * is cleared away, several times with some seconds between.
 */
export async function untilSettled(pid: number): Promise<void> {
  const over = (of: (each: number) => number) => withDescendants(pid).reduce((sum, each) => sum + of(each), 0);
  let last = 0;
  let spent = 0;
  let calm = 0;
  await eventually(
    async () => {
      const now = over((each) => memoryOf(each).proportional);
      const used = over(cpuTime);
      calm = Math.abs(now - last) < now / 200 && used - spent < waiting ? calm + 1 : 0;
      [last, spent] = [now, used];
      await pause(1000);
      return calm >= 8;
    },
    { within: 120_000, what: 'memory that stays as it is' },
  );
}
