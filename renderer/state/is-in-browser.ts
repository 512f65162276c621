/** Whether this page is in a browser of the person's own, and not in the desktop app. */
export const isInBrowser = (): boolean => window.holdfast === undefined;
