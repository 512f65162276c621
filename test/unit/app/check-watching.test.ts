import { describe, expect, it } from 'vitest';
import { checkWatching } from '../../../src/app/doctor/check-watching.ts';

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

describe.runIf(process.platform === 'linux')('whether folders can be watched', () => {
  it.each([
    ['ENOSPC', 'fs.inotify.max_user_watches='],
    ['EMFILE', 'fs.inotify.max_user_instances='],
  ])('is told by what the system says to one more, however few folders there are: %s', async (code, setting) => {
    const { result, hint } = await checkWatching(3, '/', failing(code));
    expect(result).toBe('warning');
    expect(hint).toContain(setting);
  });

  it('is told by how many folders there are, too', async () => {
    const room = () => ({ close: () => undefined });
    expect((await checkWatching(3, '/', room)).result).toBe('ok');
    expect((await checkWatching(1e9, '/', room)).hint).toContain('fs.inotify.max_user_watches=4000000000');
  });
});
