import { describe, expect, it } from 'vitest';
import { notices, quiet } from '../../../main/notices.ts';
import { wordsFor } from '../../../main/words.ts';
import type { DeviceId } from '../../../src/common/ids.ts';
import type { Settings } from '../../../src/rpc/home-report.ts';
import { accountOf, pairOf, statusOf } from '../../helpers/home-status.ts';

const words = wordsFor('en', 'en');

function desktop() {
  let time = 0;
  const told = notices(() => time);
  return {
    wait: (ms: number) => {
      time += ms;
    },
    says: (issues: number, held = 0, level: Settings['notifications'] = 'all') =>
      told.of(statusOf('needs-attention', [pairOf({ issues, held }), pairOf()]), level, words)?.body ?? null,
    tells: (lastConflict: number, device: string | null, level: Settings['notifications'] = 'all') =>
      told.of(
        {
          ...statusOf('up-to-date', [pairOf({ lastConflict: { at: lastConflict, folder: 'a' } })]),
          account: accountOf({
            newDevice: device === null ? null : { device: device as DeviceId, deviceName: device },
          }),
        },
        level,
        words,
      ),
    freezes: (level: Settings['notifications'] = 'all') =>
      told.of(statusOf('frozen', [pairOf({ state: 'frozen' })]), level, words)?.body ?? null,
  };
}

describe('messages of the desktop', () => {
  it('say what is news, once', () => {
    const { says } = desktop();
    expect(says(0)).toBeNull();
    expect(says(1)).toBe('One thing needs your attention.');
    expect(says(1)).toBeNull();
  });

  it('say that a folder is gone, and that nothing syncs any more, in words of their own', () => {
    const told = notices(() => 0);
    const later = notices(() => 0);
    const say = (of: typeof told, pairs: Parameters<typeof statusOf>[1], level: Settings['notifications'] = 'all') =>
      of.of(statusOf('needs-attention', pairs), level, words)?.body ?? null;
    expect(say(told, [pairOf(), pairOf()])).toBeNull();
    const gone = pairOf({ state: 'root-missing', issues: 1 });
    expect(say(told, [gone, pairOf()])).toBe('A folder is not where it was. Nothing is deleted because of that.');
    expect(say(told, [gone, pairOf()])).toBeNull();
    const shut = pairOf({ state: 'needs-attention', messageKind: 'other' });
    expect(say(later, [pairOf(), pairOf()], 'important')).toBeNull();
    expect(say(later, [shut, pairOf()], 'important')).toBeNull();
    expect(say(later, [shut, shut], 'important')).toBe('Nothing is synced until you have had a look.');
    expect(say(later, [shut, shut], 'important')).toBeNull();
  });

  it('say nothing of what was so when the app started', () => {
    const { says, wait } = desktop();
    expect(says(3)).toBeNull();
    wait(quiet);
    expect(says(3)).toBeNull();
  });

  it('are grouped: what comes within a minute is told together, once', () => {
    const { says, wait } = desktop();
    says(0);
    expect(says(1)).toBe('One thing needs your attention.');
    for (let issues = 2; issues < 40; issues++) expect(says(issues)).toBeNull();
    wait(quiet);
    expect(says(39)).toBe('39 things need your attention.');
    wait(quiet);
    expect(says(39)).toBeNull();
  });

  it('come again for what was over in between', () => {
    const { says, wait } = desktop();
    says(0);
    says(1);
    wait(quiet);
    expect(says(0)).toBeNull();
    expect(says(1)).toBe('One thing needs your attention.');
  });

  it('tell of held deletions before other things', () => {
    const { says } = desktop();
    says(0);
    expect(says(1, 250)).toBe('Many deletions are waiting for your decision.');
  });

  it('tell of a security stop at once, whatever was said a moment ago', () => {
    const { says, freezes } = desktop();
    says(0);
    says(1);
    expect(freezes('important')).toBe(words.notices.security);
    expect(freezes('important')).toBeNull();
  });

  it('tell of a conflict and of a new device once, and lead to them', () => {
    const { tells, wait } = desktop();
    expect(tells(1, null)).toBeNull();
    expect(tells(2, 'laptop')).toEqual({ body: words.notices.newDevice('laptop'), page: 'devices' });
    expect(tells(2, 'laptop')).toBeNull();
    wait(quiet);
    expect(tells(2, 'laptop')).toMatchObject({
      body: words.notices.conflict,
      page: expect.stringMatching(/^files\/.*\/a$/),
    });
    wait(quiet);
    expect(tells(2, 'laptop')).toBeNull();
  });

  it('tell of a new device, and of no conflict, where only what is important is to be told', () => {
    const { tells, wait } = desktop();
    tells(1, null);
    expect(tells(2, null, 'important')).toBeNull();
    expect(tells(2, 'laptop', 'important')?.page).toBe('devices');
    wait(quiet);
    expect(tells(3, 'phone', 'none')).toBeNull();
  });

  it('keep to the level that was chosen', () => {
    const { says, freezes, wait } = desktop();
    says(0);
    expect(says(1, 0, 'important')).toBeNull();
    expect(says(1, 9, 'important')).toBe('Many deletions are waiting for your decision.');
    wait(quiet);
    expect(says(2, 20, 'none')).toBeNull();
    expect(freezes('none')).toBeNull();
  });
});
