import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type TrayTone, trayPictures, traySizes, trayTone } from '../../../main/tray-icon.ts';
import { type MenuItem, type TrayActions, trayMenu } from '../../../main/tray-menu.ts';
import { statusLine, trayState, trayStates } from '../../../main/tray-state.ts';
import { wordsFor } from '../../../main/words.ts';
import { must } from '../../../src/common/errors.ts';
import type { PairState } from '../../../src/model/status.ts';
import { homeState } from '../../../src/rpc/home-report.ts';
import { pairOf, statusOf } from '../../helpers/home-status.ts';
import { repository } from '../../helpers/run.ts';

const english = wordsFor('en', 'en');
const actions = (): TrayActions => ({
  open: vi.fn(),
  showFolder: vi.fn(),
  syncNow: vi.fn(),
  pause: vi.fn(),
  resume: vi.fn(),
  quit: vi.fn(),
});
const labelled = (items: readonly MenuItem[], label: string) =>
  must(items.flatMap((item) => ('label' in item && item.label === label ? [item] : []))[0], label);

describe('the tray icon', () => {
  it('has one of five faces for each state of the device', () => {
    const shown = new Set(homeState.options.map((state) => trayState(statusOf(state))));
    expect([...shown].sort()).toEqual([...trayStates].sort());
    expect(trayState(statusOf('frozen'))).toBe('attention');
    expect(trayState(statusOf('root-missing'))).toBe('attention');
    expect(trayState(null), 'the engine is not running').toBe('offline');
  });

  it('has a picture of each face in each size and tone, of exactly that size', () => {
    for (const tone of Object.keys(traySizes) as TrayTone[]) {
      for (const state of trayStates) {
        for (const platform of ['linux', 'darwin', 'win32'] as const) {
          const pictures = trayPictures(join(repository, 'resources', 'tray'), state, tone, platform);
          expect(pictures[0]?.scaleFactor).toBe(platform === 'linux' ? (tone === 'template' ? 32 / 24 : 1) : 1);
          for (const { file, scaleFactor } of pictures) {
            const size = scaleFactor * (platform === 'linux' ? 24 : 16);
            expect(pngSize(file), file).toEqual([size, size]);
          }
        }
      }
    }
  });

  it('suits the panel: templates on macOS, dark panels on Linux, the theme’s elsewhere', () => {
    expect(trayTone('darwin', true)).toBe('template');
    expect(trayTone('linux', false)).toBe('dark');
    expect(trayTone('win32', false)).toBe('light');
    expect(trayTone('win32', true)).toBe('dark');
  });
});

describe('the status line', () => {
  const line = (status: Parameters<typeof statusLine>[0]) => statusLine(status, english);
  it('says a sentence for every state', () => {
    for (const state of homeState.options) expect(line(statusOf(state)), state).not.toBe('');
    expect(line(null)).toBe('Starting…');
    expect(line(statusOf('frozen'))).toBe('Stopped for your safety');
  });

  it('counts what is still to move, both ways', () => {
    const up = { filesDone: 3, filesTotal: 10, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };
    const one = { ...up, filesDone: 9 };
    expect(line(statusOf('syncing', [pairOf({ up }), pairOf({ down: one })]))).toBe('Syncing 8 files…');
    expect(line(statusOf('syncing', [pairOf({ up: one })]))).toBe('Syncing 1 file…');
    const much = { ...up, filesTotal: 10_003 };
    expect(line(statusOf('syncing', [pairOf({ up: much })]))).toBe('Syncing 10,000 files…');
  });

  it('counts what waits for a server that is not there', () => {
    expect(line(statusOf('offline', [pairOf(), pairOf({ pending: 5, held: 2 })]))).toMatch(/; 3 changes waiting$/);
    expect(line(statusOf('offline', [pairOf({ pending: 2, held: 2 })]))).toBe('The server cannot be reached');
  });
});

describe('the tray menu', () => {
  it('offers what the state allows', () => {
    const named = trayMenu(statusOf('up-to-date', [pairOf({ folder: '/home/ada/R&D \u202egpj' })]), english, actions());
    expect(labelled(named, 'Open folder').submenu).toMatchObject([{ label: 'R&&D \\u{202e}gpj' }]);
    const empty = trayMenu(statusOf('no-folders'), english, actions());
    for (const label of ['Open folder', 'Sync now', 'Pause']) {
      expect(labelled(empty, label).enabled, label).toBe(false);
    }
    const busy = trayMenu(statusOf('syncing', [pairOf()]), english, actions());
    for (const label of ['Open folder', 'Sync now', 'Pause']) expect(labelled(busy, label).enabled, label).toBe(true);
    expect(labelled(trayMenu(null, english, actions()), 'No issues').enabled).toBe(false);
  });

  it('does what it says', () => {
    const act = actions();
    const pair = pairOf({ folder: '/home/ada/Photos', issues: 2 });
    const menu = trayMenu(statusOf('needs-attention', [pair]), english, act);
    labelled(labelled(menu, 'Open folder').submenu ?? [], 'Photos').click?.();
    expect(act.showFolder).toHaveBeenCalledExactlyOnceWith(pair.pair);
    const pauses = labelled(menu, 'Pause').submenu ?? [];
    for (const label of ['For 15 minutes', 'For 1 hour', 'Until I resume']) labelled(pauses, label).click?.();
    expect(vi.mocked(act.pause).mock.calls).toEqual([[15], [60], [null]]);
    labelled(menu, '2 issues').click?.();
    labelled(menu, 'Settings').click?.();
    expect(vi.mocked(act.open).mock.calls).toEqual([['issues'], ['settings']]);
    labelled(menu, 'Quit Holdfast').click?.();
    expect(act.quit).toHaveBeenCalledOnce();
  });

  it('offers to resume once everything is paused', () => {
    const act = actions();
    const menu = trayMenu(statusOf('paused', [pairOf({ state: 'paused' })]), english, act);
    labelled(menu, 'Resume').click?.();
    expect(act.resume).toHaveBeenCalledOnce();
    expect(labelled(menu, 'Sync now').enabled).toBe(false);
  });

  it('also while a folder is missing or a vault is stopped, which say so instead', () => {
    const resume = (...states: PairState[]) =>
      trayMenu(
        statusOf(
          'paused',
          states.map((state) => pairOf({ state })),
        ),
        english,
        actions(),
      ).some((item) => 'label' in item && item.label === 'Resume');
    expect(resume('root-missing', 'paused', 'frozen')).toBe(true);
    expect(resume('paused', 'up-to-date')).toBe(false);
    expect(resume('root-missing')).toBe(false);
  });

  it('reads differently for another folder of the same name', () => {
    const menuOf = () => JSON.stringify(trayMenu(statusOf('syncing', [pairOf()]), english, actions()));
    expect(menuOf()).not.toBe(menuOf());
  });

  it('speaks the language of the settings, else the system’s', () => {
    expect(wordsFor('system', 'de-AT').quit).toBe('Holdfast beenden');
    expect(wordsFor('en', 'de-AT').quit).toBe('Quit Holdfast');
    expect(wordsFor('system', 'fr').quit).toBe('Quit Holdfast');
  });
});

/** Width and height, as the header of a PNG has them. */
function pngSize(file: string): [number, number] {
  const bytes = readFileSync(file);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}
