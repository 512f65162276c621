import type { Page } from 'playwright-core';

/**
 * Tells, each time that it is asked, the seconds of processor time that the page's thread has used since. Unlike frames,
 * that says the same on a computer that is busy otherwise.
 */
export async function pageWork(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  let last = await read();
  return async () => {
    const before = last;
    last = await read();
    return last - before;
  };
}
