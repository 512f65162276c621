import { describe, expect, it } from 'vitest';
import { addProgress, type Progress, progressLine } from '../../../src/cli/progress-bar.ts';
import { terminalLine } from '../../../src/cli/terminal-line.ts';

const none = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };
const mib = 1024 * 1024;

describe('the progress line', () => {
  it('tells bar, share, files, bytes, direction, speed and time left', () => {
    const up = { filesDone: 3, filesTotal: 12, bytesDone: 25 * mib, bytesTotal: 100 * mib, bytesPerSecond: 5 * mib };
    expect(progressLine({ message: 'Syncing', up, down: none })).toBe(
      '[######..................]  25 %  3/12 files  25.0 MiB of 100 MiB  up  5.0 MiB/s  15 s left',
    );
  });

  it('says what is going on while there is nothing to count', () => {
    expect(progressLine({ message: 'Looking for changes', up: none, down: none })).toBe('Looking for changes');
  });

  it('counts files where they are empty, and never shows more than all', () => {
    const down = { ...none, filesDone: 5, filesTotal: 4 };
    expect(progressLine({ message: '', up: none, down })).toContain('100 %  4/4 files');
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
});

describe('a line on a terminal', () => {
  it('is drawn in place, not again at once, and taken away once', () => {
    const written: string[] = [];
    const line = terminalLine({ columns: 40, write: (text) => written.push(text) });
    line.show('Looking');
    line.show('Looking still');
    line.clear();
    line.clear();
    expect(written).toEqual(['\r\u001b[KLooking', '\r\u001b[K']);
  });

  it('is cut where the terminal ends', () => {
    const written: string[] = [];
    terminalLine({ columns: 10, write: (text) => written.push(text) }).show('x'.repeat(99));
    expect(written).toEqual([`\r\u001b[K${'x'.repeat(9)}`]);
  });
});
