import { describe, expect, test } from 'vitest';
import { byDay } from '../../../renderer/activity/by-day.ts';
import { conflictOf } from '../../../renderer/browse/conflict-of.ts';
import { nextIndex } from '../../../renderer/browse/next-index.ts';
import { isOnlyHere } from '../../../renderer/devices/is-only-here.ts';
import { chartLine, chartWindow } from '../../../renderer/home/chart-line.ts';
import { progressOf } from '../../../renderer/home/progress-of.ts';
import { groupIssues, type ShownIssue } from '../../../renderer/issues/group-issues.ts';
import { likelyVault } from '../../../renderer/onboarding/likely-vault.ts';
import { newVaultName } from '../../../renderer/onboarding/new-vault-name.ts';
import { vaultLabels } from '../../../renderer/onboarding/vault-labels.ts';
import { coalesce } from '../../../renderer/state/coalesce.ts';
import type { VaultId } from '../../../src/common/ids.ts';
import type { ActivityItem } from '../../../src/model/status.ts';

const still = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

describe('the progress of a pair', () => {
  test('is both directions together, with the time left at the present speed', () => {
    const up = { ...still, bytesDone: 50, bytesTotal: 100, bytesPerSecond: 10 };
    const down = { ...still, bytesDone: 0, bytesTotal: 100, bytesPerSecond: 40 };
    expect(progressOf({ up, down })).toMatchObject({ part: 0.25, left: 3000 });
  });
  test('counts files where there are no bytes, and claims nothing where nothing is known', () => {
    expect(progressOf({ up: { ...still, filesDone: 1, filesTotal: 4 }, down: still })).toMatchObject({ part: 0.25 });
    expect(progressOf({ up: still, down: still })).toMatchObject({ part: null, left: null });
  });
  test('tells no time that is longer than anybody waits, as of what has nearly come to a halt', () => {
    const up = { ...still, bytesTotal: 4e9, bytesPerSecond: 1 };
    expect(progressOf({ up, down: still })).toMatchObject({ part: 0, left: null });
  });
  test('never runs over its end', () => {
    expect(progressOf({ up: { ...still, bytesDone: 9, bytesTotal: 3 }, down: still }).part).toBe(1);
  });
});

test('a server at an address that leads each computer to itself takes no other one', () => {
  expect(['http://127.0.0.1:8470', 'http://localhost:1', 'http://[::1]:80'].every(isOnlyHere)).toBe(true);
  expect(['https://sync.example.org', 'https://192.168.1.27', 'https://127.example.org'].some(isOnlyHere)).toBe(false);
});

test('a folder is offered the vault of its name, and a first folder else what the other computer has; nothing is mixed unasked', () => {
  const free = [
    { vault: 'v-letters', name: 'Letters', pair: null },
    { vault: 'v-music', name: 'Music ', pair: null },
  ];
  const taken = { vault: 'v-documents', name: 'Documents', pair: 'a' };
  expect(likelyVault('/home/ada/music/', free)).toBe('v-music');
  expect(likelyVault('C:\\Users\\Ada\\Music', [taken, ...free])).toBe('v-music');
  expect(likelyVault('/home/ada/Holdfast', free)).toBe('v-letters');
  expect(likelyVault('/home/ada/Recipes', [taken, ...free])).toBe('');
  expect(likelyVault('/home/ada/Documents', [taken])).toBe('');
  expect(likelyVault('', [])).toBe('');
});

test('a new vault has the name of its folder, unless another one has it', () => {
  expect(newVaultName('/home/ada/Documents/', ['Letters'])).toBe('Documents');
  expect(newVaultName('C:\\Documents', ['Documents', 'Documents 2'])).toBe('Documents 3');
  expect(newVaultName('/Gru\u0308n', ['Gr\u00fcn'])).toBe('Gru\u0308n 2');
  expect(newVaultName('/home/ada/ Letters ', ['Letters '])).toBe('Letters 2');
  expect(newVaultName('', ['Letters'])).toBe('');
});

test('vaults that look alike are told apart by what there is of them', () => {
  const of = (letter: string, name: string, bytes: number | null) => ({
    vault: letter.repeat(32) as VaultId,
    name,
    bytes,
  });
  const vaults = [of('a', 'Letters', 1), of('b', 'Letters ', null), of('c', '  ', 7), of('d', 'Music', 9)];
  expect(vaultLabels(vaults, (bytes) => `${bytes} B`).map(({ label }) => label)).toEqual([
    'Letters (1 B · aaaaaaaa)',
    'Letters (bbbbbbbb)',
    '(7 B · cccccccc)',
    'Music',
  ]);
});

test('keys walk through a list and stop at its ends', () => {
  expect(nextIndex('ArrowDown', 0, 3, 10)).toBe(1);
  expect(nextIndex('ArrowDown', 2, 3, 10)).toBe(2);
  expect(nextIndex('PageUp', 5, 100, 10)).toBe(0);
  expect(nextIndex('End', 0, 100_000, 10)).toBe(99_999);
  expect(nextIndex('x', 0, 3, 10)).toBeNull();
  expect(nextIndex('End', 0, 0, 10)).toBeNull();
});

test('activity is grouped by days of this computer’s calendar; a clock that was ahead counts as today', () => {
  const now = new Date(2026, 4, 10, 0, 30).getTime();
  const item = (time: number) => ({ time }) as ActivityItem;
  const days = byDay([item(now + 86_400_000), item(now), item(now - 3_600_000)], now);
  expect(days.map(({ back, items }) => [back, items.length])).toEqual([
    [0, 2],
    [1, 1],
  ]);
});

test('issues are grouped by kind, the most urgent first, with the choices that all of a group take', () => {
  const issue = (kind: string, choices: string[]) => ({ kind, choices }) as unknown as ShownIssue;
  const groups = groupIssues([
    issue('skipped', ['dismiss', 'dismiss-all']),
    issue('skipped', []),
    issue('file-blocked', ['retry']),
    issue('file-blocked', ['retry']),
    issue('file-blocked', []),
    issue('name-not-syncable', ['retry']),
    issue('name-not-syncable', ['dismiss']),
    issue('security', []),
  ]);
  expect(groups.map(({ kind, shared }) => [kind, shared])).toEqual([
    ['security', []],
    ['skipped', ['dismiss-all']],
    ['file-blocked', ['retry']],
    ['name-not-syncable', []],
  ]);
});

test('the chart’s line lies on the ground where nothing moved', () => {
  const now = 1_000_000;
  const box = { now, top: 100, width: chartWindow, height: 6 };
  const at = (back: number, up: number) => ({ time: now - back, up, down: 0 });
  expect(chartLine([at(20_000, 100), at(19_000, 50)], 'up', box)).toBe(
    'M0 4.0L0.0 4.0L160000.0 4.0L160000.0 4.0L161000.0 4.0L161000.0 4.0L180000 4.0',
  );
});

test('what changes many times a second is asked for at once, then once a second; the last change is not missed', () => {
  let now = 0;
  const timers: { readonly at: number; readonly act: () => void }[] = [];
  const handed: string[][] = [];
  const add = coalesce<string>(1000, (items) => handed.push([...items].sort()), {
    now: () => now,
    later: (milliseconds, act) => timers.push({ at: now + milliseconds, act }),
  });
  for (; now < 2950; now += 50) {
    for (const timer of timers.filter(({ at }) => at === now)) timer.act();
    add([now % 100 === 0 ? 'activity' : 'issues']);
  }
  for (const timer of timers.filter(({ at }) => at >= now)) timer.act();
  const both = ['activity', 'issues'];
  expect(handed).toEqual([['activity'], both, both, both]);
  add([]);
  expect(handed).toHaveLength(4);
});

test('a conflict copy is known by the name that the engine gives it', () => {
  expect(conflictOf('letter (conflict from Laptop, 2026-05-04 10.20.30).odt')).toEqual({
    original: 'letter.odt',
    device: 'Laptop',
  });
  expect(conflictOf('notes (conflict from Ada’s desk, 2026-05-04 10.20.30, 2)')).toEqual({
    original: 'notes',
    device: 'Ada’s desk',
  });
  expect(conflictOf('a conflict from Laptop.txt')).toBeNull();
});
