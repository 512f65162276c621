import { expect, it } from 'vitest';
import { activityText } from '../../../src/cli/activity.ts';
import type { DeviceId, PairId } from '../../../src/common/ids.ts';

it('tells what happened in the words of the window, and what it does not know as it came', () => {
  const what = ['create', 'place', 'revise', 'delete', 'restore', 'anew'];
  const text = activityText({
    activity: [
      {
        batch: '7',
        seq: 7,
        time: 0,
        device: 'd'.repeat(32) as DeviceId,
        deviceName: 'Desk',
        changes: what.map((each) => ({ what: each, kind: 'file', path: 'f', from: each === 'place' ? 'e' : null })),
        changeCount: 8,
        pair: 'a'.repeat(32) as PairId,
        folder: '/f',
      },
    ],
    next: '7',
  });
  expect(text.split('\n').slice(1)).toEqual([
    '  added f',
    '  moved f (from e)',
    '  edited f',
    '  deleted f',
    '  restored f',
    '  anew f',
    '  and 2 more',
    'Older: holdfast activity --before 7',
  ]);
});
