import type { App } from 'electron';
import { hiddenFlag } from './autostart.ts';

interface AskedFor {
  /** The app is ending: from now on whoever asks for it is not shown a window that is about to go. */
  ending(): void;
  /** Called right before the end: has the app start anew if somebody asked for it meanwhile. */
  startAgain(): void;
}

/**
 * Shows the window when somebody starts the app again while it runs, or clicks its icon. Until this one has ended no other can run:
 * whoever quits it and starts it again at once would have none.
 */
export function askedFor(
  app: Pick<App, 'on' | 'relaunch'>,
  show: () => void,
  { program, words }: { readonly program: string; readonly words: readonly string[] },
): AskedFor {
  let isEnding = false;
  let isWanted = false;
  const asked = (): void => {
    if (isEnding) isWanted = true;
    else show();
  };
  app.on('second-instance', (_event, given) => {
    // The system starting it at login is no wish to see the window of an app that runs already.
    if (!given.includes(hiddenFlag)) asked();
  });
  app.on('activate', asked);
  return {
    ending: () => {
      isEnding = true;
    },
    startAgain: () => {
      if (isWanted) app.relaunch({ execPath: program, args: words.filter((word) => word !== hiddenFlag) });
    },
  };
}
