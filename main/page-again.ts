/** What is used of a window's `WebContents`. */
export interface Crashing {
  on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
  reload(): void;
}

/** Milliseconds in which a page that is gone once more is left as it is: it would only go again. */
const calm = 10_000;

/** Loads a page again whose process is gone, so that nobody is left with a window that shows nothing. */
export function pageAgain(contents: Crashing, monotonic: () => number): void {
  let lastAt = Number.NEGATIVE_INFINITY;
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || monotonic() - lastAt < calm) return;
    lastAt = monotonic();
    contents.reload();
  });
}
