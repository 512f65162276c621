import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startUpdater } from '../../../main/updater.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import { repository } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';

const { autoUpdater } = vi.hoisted(() => ({
  autoUpdater: { checkForUpdates: vi.fn(async () => null), on: vi.fn() } as Record<string, unknown>,
}));
vi.mock('electron-updater', () => ({ default: { autoUpdater } }));

const feed = 'provider: generic\nurl: https://updates.example.org\n';
const signedFeed = `${feed}publisherName:\n  - Example\n`;

describe('[P9] updates', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await tempFolder('resources');
    vi.mocked(autoUpdater['checkForUpdates'] as () => unknown).mockClear();
  });

  async function isAsked(text: string | null, platform: NodeJS.Platform, isPackaged = true): Promise<boolean> {
    if (text !== null) writeFileSync(join(folder, 'app-update.yml'), text);
    (await startUpdater(folder, isPackaged, silentLogger, platform))();
    return vi.mocked(autoUpdater['checkForUpdates'] as () => unknown).mock.calls.length > 0;
  }

  it.each<[string, string | null, NodeJS.Platform, boolean]>([
    ['without a feed', null, 'darwin', true],
    ['of a feed without an address', 'provider: generic\n', 'darwin', true],
    ['of a feed with an empty address', 'provider: generic\nurl:\n', 'darwin', true],
    ['on Windows, if nobody says who has to have signed them', feed, 'win32', true],
    ['on Linux, where nobody signs them', signedFeed, 'linux', true],
    ['from the sources', signedFeed, 'darwin', false],
  ])('are not looked for %s', async (_, text, platform, isPackaged) => {
    expect(await isAsked(text, platform, isPackaged)).toBe(false);
  });

  it.each<[NodeJS.Platform, string]>([
    ['darwin', feed],
    ['win32', signedFeed],
  ])(
    'are looked for on %s where the system or the updater knows who signs, and never backwards',
    async (platform, text) => {
      expect(await isAsked(text, platform)).toBe(true);
      expect(autoUpdater).toMatchObject({ allowDowngrade: false, allowPrerelease: false });
    },
  );

  it('come from no feed as the app is packaged now, and packages for others have to be signed', () => {
    const config = readFileSync(join(repository, 'electron-builder.yml'), 'utf8');
    expect(config).toMatch(/^publish: null$/m);
    expect(config.match(/forceCodeSigning: true/g)).toHaveLength(2);
    expect(config).toMatch(/verifyUpdateCodeSignature: true/);
  });

  it('are no affair of the storage server: nothing that it says reaches the updater', () => {
    const source = readFileSync(join(repository, 'main/updater.ts'), 'utf8');
    const imported = [...source.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map(([, a, b]) => a ?? b);
    expect(imported).toEqual(['node:fs', 'node:path', '../src/common/logger.ts', 'electron-updater']);
    expect(source).not.toMatch(/setFeedURL/);
  });
});
