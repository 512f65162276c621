import { EventEmitter } from 'node:events';
import type { FSWatcher } from 'node:fs';
import { rmSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { makeRecursiveWatcher } from '../../../src/local/recursive-watcher.ts';
import { type Watched, watched } from '../../contract/watcher-contract.ts';
import { eventually } from '../../helpers/eventually.ts';

let under: Watched;
afterEach(async () => under.watcher.close());

/** A watcher whose system says what it is told to say. */
async function heard() {
  let tell: (event: string, name: string | null) => void = () => undefined;
  let isOpen = true;
  under = await watched((location, options) =>
    makeRecursiveWatcher(location, options, (_path, listener) => {
      tell = listener;
      return Object.assign(new EventEmitter(), {
        close: () => {
          isOpen = false;
        },
      }) as unknown as FSWatcher;
    }),
  );
  return { ...under, tell: (event: string, name: string | null) => tell(event, name), isOpen: () => isOpen };
}

it('a deleted root that is told by its whole path, as on Windows, ends the watch', async () => {
  const { root, hints, tell, isOpen } = await heard();
  rmSync(root, { recursive: true });
  for (let i = 0; i < 3; i++) tell('rename', root);
  await eventually(() => hints.length > 0);
  expect(hints).toEqual([{ type: 'failed' }]);
  expect(isOpen()).toBe(false);
});

it('a buffer that overflowed, as Windows says it, has everything listed', async () => {
  const { hints, tell, isOpen } = await heard();
  tell('change', null);
  await eventually(() => hints.length > 0);
  expect(hints).toEqual([{ type: 'rescan' }]);
  expect(isOpen()).toBe(true);
});
