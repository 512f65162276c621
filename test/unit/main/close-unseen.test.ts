import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeUnseen, keepUnseen } from '../../../main/close-unseen.ts';

/** A window whose page may keep it, as Electron's: `close` asks the page, then the window is gone or stays. */
function madeUpWindow() {
  const window = new EventEmitter();
  const webContents = new EventEmitter();
  const seen = { isKept: false, leaving: [] as boolean[], isGone: false };
  const isLeaving = closeUnseen(
    Object.assign(window, {
      webContents,
      close: () => {
        seen.leaving.push(isLeaving());
        if (seen.isKept) return void webContents.emit('will-prevent-unload');
        seen.isGone = true;
        window.emit('closed');
      },
    }),
  );
  return { window, seen, isLeaving };
}

describe('a window that nobody looks at', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is closed after a while, and tells that this is why', () => {
    const { window, seen } = madeUpWindow();
    window.emit('hide');
    vi.advanceTimersByTime(keepUnseen - 1);
    expect(seen.isGone).toBe(false);
    vi.advanceTimersByTime(1);
    expect(seen).toMatchObject({ isGone: true, leaving: [true] });
  });

  it('stays when it is shown again in time, and leaves a while after it was hidden the last time', () => {
    const { window, seen } = madeUpWindow();
    window.emit('hide');
    vi.advanceTimersByTime(keepUnseen - 1);
    window.emit('show');
    vi.advanceTimersByTime(keepUnseen * 2);
    expect(seen.isGone).toBe(false);
    window.emit('hide');
    window.emit('hide');
    vi.advanceTimersByTime(keepUnseen);
    expect(seen).toMatchObject({ isGone: true, leaving: [true] });
  });

  it('stays, and is no more on its way out, when its page has something to lose', () => {
    const { window, seen, isLeaving } = madeUpWindow();
    seen.isKept = true;
    window.emit('hide');
    vi.advanceTimersByTime(keepUnseen * 3);
    expect(seen).toMatchObject({ isGone: false, leaving: [true] });
    expect(isLeaving()).toBe(false);
    seen.isKept = false;
    window.emit('show');
    window.emit('hide');
    vi.advanceTimersByTime(keepUnseen);
    expect(seen.isGone).toBe(true);
  });

  it('that is closed by somebody else is not closed once more', () => {
    const { window, seen } = madeUpWindow();
    window.emit('hide');
    window.emit('closed');
    vi.advanceTimersByTime(keepUnseen * 2);
    expect(seen.leaving).toEqual([]);
  });
});
