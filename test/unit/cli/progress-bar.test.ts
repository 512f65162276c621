import { describe, expect, it } from 'vitest';
import { addProgress, type Progress, progressLine, progressScreen } from '../../../src/cli/progress-bar.ts';

const none = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };
const mib = 1024 * 1024;

describe('the progress line', () => {
  it('tells bar, share, files, bytes, direction, speed and time left', () => {
    const up = { filesDone: 3, filesTotal: 12, bytesDone: 25 * mib, bytesTotal: 100 * mib, bytesPerSecond: 5 * mib };
    expect(progressLine({ message: 'Syncing', up, down: none }, 200)).toBe(
      '[######..................]  25 %  3/12 files  25.0 MiB of 100 MiB  up  5.0 MiB/s  15 s left',
    );
  });

  it('says what is going on while there is nothing to count', () => {
    expect(progressLine({ message: 'Looking for changes', up: none, down: none }, 80)).toBe('Looking for changes');
  });

  it('counts files where they are empty, and never shows more than all', () => {
    const down = { ...none, filesDone: 5, filesTotal: 4 };
    expect(progressLine({ message: '', up: none, down }, 80)).toContain('100 %  4/4 files');
  });

  it.each([0, 1, 10, 40])('fits into %d columns', (columns) => {
    const up = { filesDone: 1, filesTotal: 2, bytesDone: 1, bytesTotal: 2, bytesPerSecond: 1 };
    expect(progressLine({ message: 'x'.repeat(99), up, down: up }, columns).length).toBeLessThanOrEqual(columns);
    expect(progressLine({ message: 'x'.repeat(99), up: none, down: none }, columns).length).toBeLessThanOrEqual(
      columns,
    );
  });

  it('adds up several pairs', () => {
    const one: Progress = { message: 'a', up: { ...none, filesTotal: 1, bytesPerSecond: 2 }, down: none };
    expect(addProgress([one, one])).toEqual({
      message: 'a',
      up: { ...none, filesTotal: 2, bytesPerSecond: 4 },
      down: none,
    });
    expect(addProgress([]).message).toBe('');
  });

  it('is drawn in place and taken away once', () => {
    const written: string[] = [];
    const screen = progressScreen({ columns: 40, write: (text) => written.push(text) });
    screen.show({ message: 'Looking', up: none, down: none });
    screen.clear();
    screen.clear();
    expect(written).toEqual(['\r\u001b[KLooking', '\r\u001b[K']);
  });
});
