import { useSyncExternalStore } from 'react';

const screens = ['folders', 'files', 'activity', 'issues', 'devices', 'settings', 'popup'] as const;
export type Screen = (typeof screens)[number];

export interface Route {
  readonly screen: Screen;
  /** What of it: for files, the pair and the folder in it. */
  readonly rest: readonly string[];
}

/** The place that a fragment names: `#/files/PAIR/a/b`. What is unknown is the list of folders. */
function routeOf(fragment: string): Route {
  const [first = '', ...rest] = fragment.replace(/^#?\//, '').split('/').map(decode);
  const screen = screens.find((each) => each === first);
  return screen === undefined ? { screen: 'folders', rest: [] } : { screen, rest: rest.filter((part) => part !== '') };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export const address = (screen: Screen, ...rest: readonly string[]): string =>
  `#/${[screen, ...rest].map(encodeURIComponent).join('/')}`;

export const go = (screen: Screen, ...rest: readonly string[]): void => {
  location.hash = address(screen, ...rest);
};

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

/** Where the window stays, whatever its address says. */
let held: string | null = null;

/** Has the window stay where it is until the returned function is called; then it goes where it was led meanwhile. */
export function holdRoute(): () => void {
  held = location.hash;
  return () => {
    held = null;
    dispatchEvent(new Event('hashchange'));
  };
}

const fragment = (): string => held ?? location.hash;

export const useRoute = (): Route => routeOf(useSyncExternalStore(subscribe, fragment));
