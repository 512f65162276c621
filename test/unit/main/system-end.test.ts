import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { systemEnd } from '../../../main/system-end.ts';

it('macOS says that it ends, before it asks apps to', () => {
  const monitor = new EventEmitter();
  const isEnding = systemEnd(monitor as never, 'darwin');
  expect(isEnding()).toBe(false);
  monitor.emit('shutdown');
  expect(isEnding()).toBe(true);
});

it.each(['linux', 'win32'] as const)(
  'nobody listens on %s, where that would hold up the end, or tell nothing',
  (platform) => {
    const monitor = new EventEmitter();
    systemEnd(monitor as never, platform);
    expect(monitor.eventNames()).toEqual([]);
  },
);
