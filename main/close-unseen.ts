/** What is used of a `BrowserWindow`. */
interface Unseen {
  on(event: 'hide' | 'show', listener: () => void): unknown;
  once(event: 'closed', listener: () => void): unknown;
  close(): void;
  readonly webContents: { on(event: 'will-prevent-unload', listener: () => void): unknown };
}

/** How long a hidden window is kept for whoever wants it back, in milliseconds; its page is most of what the app needs of memory. */
export const keepUnseen = 60_000;

/**
 * Closes a window that nobody has looked at for so long. A page that would lose something (`beforeunload`) keeps it until it has
 * been shown and hidden once more. The result tells whether that is why it is being closed.
 */
export function closeUnseen(window: Unseen, after: number = keepUnseen): () => boolean {
  let isLeaving = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stay = (): void => {
    clearTimeout(timer);
    isLeaving = false;
  };
  window.on('show', stay);
  window.on('hide', () => {
    stay();
    timer = setTimeout(() => {
      isLeaving = true;
      window.close();
    }, after);
  });
  window.webContents.on('will-prevent-unload', stay);
  window.once('closed', () => clearTimeout(timer));
  return () => isLeaving;
}
