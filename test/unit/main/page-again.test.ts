import { expect, it } from 'vitest';
import { type Crashing, pageAgain } from '../../../main/page-again.ts';

type Listener = Parameters<Crashing['on']>[1];

it('loads a page again whose process is gone, but not one that goes again at once', () => {
  const listeners: Listener[] = [];
  let now = 0;
  let loaded = 0;
  const contents: Crashing = {
    on: (_, listener) => listeners.push(listener),
    reload: () => {
      loaded++;
    },
  };
  const go = (reason: string): void => {
    for (const listener of listeners) listener(null, { reason });
  };
  pageAgain(contents, () => now);
  go('clean-exit');
  expect(loaded).toBe(0);
  go('crashed');
  now = 9_999;
  go('oom');
  expect(loaded).toBe(1);
  now = 10_000;
  go('killed');
  expect(loaded).toBe(2);
});
