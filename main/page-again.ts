/** What is used of a window's `WebContents`. */
export interface Crashing {
  on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
  reload(): void;
}

/** A page that crashes again within so many milliseconds is left as it is: it would only crash once more. */
const calm = 10_000;

/** Reloads a page whose process is gone, so that nobody is left with an empty window. */
export function pageAgain(contents: Crashing, monotonic: () => number): void {
  let lastAt = Number.NEGATIVE_INFINITY;
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || monotonic() - lastAt < calm) return;
    lastAt = monotonic();
    contents.reload();
  });
}
