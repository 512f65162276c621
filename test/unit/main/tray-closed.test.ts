import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openTray } from '../../../main/tray.ts';
import { wordsFor } from '../../../main/words.ts';
import { pairOf, statusOf } from '../../helpers/home-status.ts';
import { repository } from '../../helpers/run.ts';

/** As Electron's: whatever is asked of it once it is destroyed throws. */
const { FakeTray, trays } = vi.hoisted(() => {
  const trays: string[][] = [];
  class FakeTray {
    readonly said: string[] = [];
    private isDestroyed = false;
    constructor() {
      trays.push(this.said);
    }
    on = (): void => undefined;
    private ask = (what: string): void => {
      if (this.isDestroyed) throw new Error('Tray is destroyed');
      this.said.push(what);
    };
    setImage = (): void => this.ask('image');
    setContextMenu = (): void => this.ask('menu');
    setToolTip = (): void => this.ask('tip');
    destroy = (): void => {
      this.isDestroyed = true;
    };
  }
  return { FakeTray, trays };
});
vi.mock('electron', () => ({
  Menu: { buildFromTemplate: (items: unknown) => items },
  nativeImage: { createEmpty: () => ({ addRepresentation: () => undefined, setTemplateImage: () => undefined }) },
  nativeTheme: new EventEmitter(),
  Tray: FakeTray,
}));

it('is left alone once it is closed: the engine still tells of itself while it ends', () => {
  const icon = openTray(join(repository, 'resources', 'tray'), {} as never, () => undefined);
  const words = wordsFor('en', 'en');
  icon.show(statusOf('up-to-date', [pairOf({ folder: '/home/ada/Documents' })]), words);
  const before = [...(trays[0] ?? [])];
  expect(before).toContain('menu');
  icon.close();
  icon.show(statusOf('offline', [pairOf({ folder: '/home/ada/Music' })]), words);
  expect(trays[0]).toEqual(before);
});
