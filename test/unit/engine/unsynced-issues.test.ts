import { beforeEach, describe, expect, test } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import type { Index } from '../../../src/db/index-port.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { type IssueBook, issueBook } from '../../../src/engine/issue-book.ts';
import type { ScanReport, Unsynced } from '../../../src/engine/observe/scan-report.ts';
import { isDismissed, noteUnsynced } from '../../../src/engine/observe/unsynced-issues.ts';
import { resolveIssue } from '../../../src/engine/status/resolve-issue.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { linuxRules } from '../../fakes/memory-trees.ts';
import { handClock } from '../../helpers/vault-context.ts';

const asPath = (path: string): RelativePath => path as RelativePath;
const unreadable: Unsynced = { what: 'unreadable', error: diskError('denied') };

describe('what a scan could not take up', () => {
  let index: Index;
  let issues: IssueBook;
  beforeEach(() => {
    index = openIndex(':memory:', { rules: linuxRules, isDiverged });
    issues = issueBook(index, handClock());
  });

  /** Looks into the tree. */
  let looks: number;
  const scanned = (
    listed: readonly string[],
    unsynced: readonly (readonly [string, Unsynced])[],
    folders: readonly string[],
  ) => {
    looks = 0;
    return noteUnsynced(
      issues,
      { listed: new Set(listed.map(asPath)), seen: new Set(), unsynced: new Map(unsynced) } as unknown as ScanReport,
      {
        isFullScan: false,
        isDismissed: isDismissed(index.read),
        isFolder: (path) => {
          looks++;
          return folders.includes(path);
        },
      },
    );
  };
  const paths = () => issues.all().map(({ path }) => path);

  test('a folder that could not be read stays an issue until it is read, not until the folder above is', () => {
    scanned([''], [['a', unreadable]], ['a']);
    scanned([''], [], ['a']);
    expect(paths()).toEqual(['a']);
    scanned(['', 'a'], [], ['a']);
    expect(paths()).toEqual([]);
  });

  test('it is over when the folder above is seen without it', () => {
    scanned([''], [['a', unreadable]], ['a']);
    scanned([''], [], []);
    expect(paths()).toEqual([]);
  });

  test('those that are nowhere near to what was listed cost no look into the tree', () => {
    const links = Array.from({ length: 50 }, (_, at) => [`d/l${at}`, { what: 'link' }] as const);
    scanned(['', 'd'], links, ['d', 'e']);
    scanned([], [], ['d', 'e']);
    scanned(['e'], [], ['d', 'e']);
    expect(looks).toBe(0);
    expect(paths()).toHaveLength(50);
    scanned(['d'], links.slice(1), ['d', 'e']);
    expect(paths()).toHaveLength(49);
    expect(looks).toBeLessThan(5);
  });

  test('a folder that can be read again hid what is below it; a link that is gone hid nothing', () => {
    expect(scanned([], [['d', unreadable]], ['d'])).toBe(false);
    expect(scanned([''], [['l', { what: 'link' }]], ['d'])).toBe(false);
    expect(scanned(['', 'd'], [], ['d'])).toBe(true);
    expect(scanned(['', 'd'], [], ['d'])).toBe(false);
  });

  test('what is dismissed one by one is kept each by itself, beside what an earlier version kept in one list', () => {
    const links = ['a', 'b', 'c', 'd'].map((path) => [path, { what: 'link' }] as const);
    index.transaction((write) => write.setMeta('dismissed', ['c']));
    scanned([''], links, []);
    expect(issues.openCount).toBe(3);
    let longest = 0;
    const noting: Index = {
      ...index,
      transaction: (change, options) =>
        index.transaction((write) => {
          const setMeta: typeof write.setMeta = (key, value) => {
            longest = Math.max(longest, JSON.stringify(value).length);
            write.setMeta(key, value);
          };
          return change({ ...write, setMeta });
        }, options),
    };
    for (const path of ['a', 'b']) resolveIssue(noting, issues, `unsynced:${path}`, 'dismiss');
    scanned([''], links, []);
    expect(issues.all().map(({ isInformational }) => isInformational)).toEqual([true, true, true, false]);
    // Thousands are dismissed one after the other: what each one writes does not grow with those before.
    expect(longest).toBe('true'.length);
  });

  test('links are nothing that needs a person once that is said of all, those that come included; what fails still is', () => {
    scanned(
      [''],
      [
        ['a', { what: 'link' }],
        ['b', { what: 'link' }],
      ],
      [],
    );
    expect(issues.openCount).toBe(2);
    expect(issues.all()[0]?.choices).toEqual(['dismiss', 'dismiss-all']);
    resolveIssue(index, issues, 'unsynced:a', 'dismiss');
    expect(issues.openCount).toBe(1);
    resolveIssue(index, issues, 'unsynced:b', 'dismiss-all');
    scanned(
      ['', 'd'],
      [
        ['a', { what: 'link' }],
        ['d/c', { what: 'special' }],
        ['e', unreadable],
      ],
      ['d', 'e'],
    );
    expect(issues.all().map(({ path, isInformational, choices }) => [path, isInformational, choices])).toEqual([
      ['a', true, []],
      ['d/c', true, []],
      ['e', false, []],
    ]);
    expect(issues.openCount).toBe(1);
  });

  test('what a scan finds again is not written again', () => {
    scanned([''], [['a', { what: 'link' }]], []);
    const known = index.read.issues();
    scanned([''], [['a', { what: 'link' }]], []);
    expect(index.read.issues()).toBe(known);
  });
});
