import { expect, it } from 'vitest';
import { modeWithExec } from '../../../src/local/file-mode.ts';

it.each([
  [0o640, false, 0o640],
  [0o640, true, 0o750],
  [0o600, true, 0o700],
  [0o710, true, 0o710],
  [0o755, false, 0o644],
  [0o4755, true, 0o755],
  [0o200, true, 0o300],
])(
  'of mode %o, with exec %s, becomes %o: nobody gains more than exec, and never set-user-id',
  (mode, exec, expected) => {
    expect(modeWithExec(mode, exec)).toBe(expected);
  },
);
