import type { App } from 'electron';
import { hiddenFlag } from './autostart.ts';

interface AskedFor {
  /** The app is ending: nobody who asks for it is shown what will be gone in a moment. */
  ending(): void;
  /** Right before the end: has the app start anew if somebody asked for it meanwhile. */
  startAgain(): void;
}

/**
 * Shows the window when somebody starts the app that runs already, or clicks its icon. Until this one has ended no other can run:
 * who quits it and starts it again at once would have none.
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
    // The system's start at login is no wish to see the window of an app that runs already.
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
