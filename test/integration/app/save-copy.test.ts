import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { saveCopy } from '../../../src/app/home/save-copy.ts';
import { tempFolder } from '../../helpers/temp.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([['1969-07-20T20:17:40.123Z'], ['1911-02-03T04:05:06.789Z'], ['2050-01-01T00:00:00.001Z']])(
  'a copy among the downloads has the time of its content: %s',
  async (time) => {
    const home = await tempFolder('save-copy');
    vi.stubEnv('HOME', home);
    vi.stubEnv('USERPROFILE', home);
    const copyOut = async (_: string, _which: unknown, take: (plain: Uint8Array) => Promise<void>) => {
      await take(new TextEncoder().encode('text'));
      return { name: 'f.txt', size: 4, mtimeUs: Date.parse(time) * 1000 };
    };
    const file = await saveCopy({ copyOut } as never, 'd/f.txt', { revision: null, node: null });
    expect(file).toBe(join(home, 'Downloads', 'f.txt'));
    expect(Math.round(statSync(file).mtimeMs)).toBe(Date.parse(time));
  },
);
