import type { Page } from 'playwright-core';
import type { Input, Output } from '../../../src/rpc/contract.ts';

const longCount = 100_000;

/** What an engine whose vault holds very many files says: the window is what is measured. */
export const longList = ({ offset, limit }: Input<'browse'>): Output<'browse'> => {
  const length = Math.max(0, Math.min(limit, longCount - offset));
  return { entries: Array.from({ length }, (_, at) => entry(offset + at)), total: longCount };
};

const entry = (at: number): Output<'browse'>['entries'][number] => ({
  node: at.toString(16).padStart(32, '0') as Output<'browse'>['entries'][number]['node'],
  path: `scan-${at}.pdf`,
  name: `scan-${at}.pdf`,
  kind: 'file',
  size: at * 17,
  mtimeUs: 1.7e15,
  revision: null,
  isDeleted: false,
});

export interface Scrolled {
  /** Milliseconds between frames, sorted. */
  readonly frames: readonly number[];
  /** The most rows that existed at a time. */
  readonly rows: number;
}

/** Scrolls through the list for some hundred frames, at a fast flick's pace. */
export const scrollThrough = (page: Page): Promise<Scrolled> =>
  page.evaluate(`new Promise((resolve) => {
    const grid = document.querySelector('[role=grid]');
    const frames = [];
    let rows = 0;
    let last = performance.now();
    const step = (now) => {
      frames.push(now - last);
      last = now;
      rows = Math.max(rows, grid.querySelectorAll('[role=row]').length);
      grid.scrollTop += 900;
      if (frames.length < 150) requestAnimationFrame(step);
      else resolve({ frames: frames.slice(1).sort((a, b) => a - b), rows });
    };
    requestAnimationFrame(step);
  })`);
