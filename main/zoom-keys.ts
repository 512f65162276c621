/** What is used of a window's `WebContents`. */
export interface Zoomable {
  on(event: 'before-input-event', listener: (event: { preventDefault(): void }, input: PressedKey) => void): unknown;
  getZoomLevel(): number;
  setZoomLevel(level: number): void;
}

interface PressedKey {
  readonly type: string;
  readonly key: string;
  readonly code: string;
  readonly control: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
}

/** Each level is a fifth larger than the one below; at 0 everything has its own size. */
const step = 0.5;
const least = -3;
const most = 5;

/**
 * Ctrl with +, - and 0 make the page larger, smaller, and as it was, as everywhere where pages are read: without a menu nothing
 * else does. Chromium keeps it, for all windows and the next start. On macOS the menu has these keys.
 */
export function zoomKeys(contents: Zoomable, platform: NodeJS.Platform = process.platform): void {
  if (platform === 'darwin') return;
  contents.on('before-input-event', (event, pressed) => {
    const { type, control, meta, alt } = pressed;
    // AltGr is Ctrl and Alt, and types letters.
    if (type !== 'keyDown' || !control || meta || alt) return;
    const level = levelAfter(pressed, contents.getZoomLevel());
    if (level === null) return;
    event.preventDefault();
    contents.setZoomLevel(Math.min(Math.max(level, least), most));
  });
}

/** By what a key types, for + and - are elsewhere on each keyboard, and some have them, or the 0, only with Shift. */
function levelAfter({ key, code }: PressedKey, level: number): number | null {
  if (key === '+' || key === '=') return level + step;
  if (key === '-' || key === '_') return level - step;
  return key === '0' || code === 'Digit0' ? 0 : null;
}
