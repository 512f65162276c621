/**
 * Loaded into a process before the program (`--import`): waits of half a second and more are shorter by the factor
 * HOLDFAST_TEST_HURRY, so that back-offs, polls and time-outs come round within a test.
 */
const factor = Number(process.env['HOLDFAST_TEST_HURRY'] ?? 20);
const realSetTimeout = globalThis.setTimeout;
const shorter = (ms: number | undefined): number | undefined =>
  ms === undefined || ms < 500 ? ms : Math.max(500 / factor, ms / factor);

globalThis.setTimeout = Object.assign(
  (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => realSetTimeout(work, shorter(ms), ...args),
  realSetTimeout,
) as typeof setTimeout;
