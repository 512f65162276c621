import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import type { LocalRow } from '../../../src/db/index-port.ts';
import { diffFolder } from '../../../src/engine/observe/folder-diff.ts';
import type { Entry } from '../../../src/model/stat.ts';
import { linuxRules } from '../../fakes/memory-trees.ts';

const stat = { size: 1, mtimeUs: 1, ctimeUs: 1, birthUs: 1, dev: 1, exec: false } as const;
const row = (id: string, name: string, ino: number, kind: 'file' | 'folder' = 'file'): LocalRow => ({
  ...stat,
  id: id as NodeId,
  parent: 'root' as NodeId,
  name,
  kind,
  ino,
  revision: null,
  differsFrom: null,
});
const entry = (name: string, ino: number, kind: 'file' | 'folder' = 'file'): Entry => ({
  ...stat,
  name,
  kind,
  ino,
  linkCount: 1,
});
const ids = (rows: readonly LocalRow[]): string[] => rows.map(({ id }) => id);

describe('what a listing says about the rows of its folder', () => {
  it('tells same, replaced, appeared and vanished', () => {
    const rows = [row('1', 'same', 1), row('2', 'replaced', 2), row('3', 'gone', 3), row('4', 'turned', 4)];
    const diff = diffFolder(
      rows,
      [entry('same', 1), entry('replaced', 20), entry('new', 5), entry('turned', 4, 'folder')],
      linuxRules,
    );
    expect(ids(diff.same.map((pairing) => pairing.row))).toEqual(['1']);
    expect(ids(diff.replaced.map((pairing) => pairing.row))).toEqual(['2']);
    expect(diff.appeared.map(({ name }) => name)).toEqual(['new', 'turned']);
    expect(ids(diff.vanished)).toEqual(['3', '4']);
  });

  it('of two rows with one name takes the one that is that thing, whatever their order; the other one is gone', () => {
    for (const rows of [
      [row('1', 'b', 1), row('2', 'b', 2)],
      [row('2', 'b', 2), row('1', 'b', 1)],
    ]) {
      const diff = diffFolder(rows, [entry('b', 2)], linuxRules);
      expect(ids(diff.same.map((pairing) => pairing.row))).toEqual(['2']);
      expect(ids(diff.vanished)).toEqual(['1']);
    }
    const none = diffFolder([row('1', 'b', 1), row('2', 'b', 2)], [], linuxRules);
    expect(ids(none.vanished).sort()).toEqual(['1', '2']);
    const replaced = diffFolder([row('1', 'b', 1, 'folder'), row('2', 'b', 2)], [entry('b', 3)], linuxRules);
    expect(ids(replaced.replaced.map((pairing) => pairing.row))).toEqual(['2']);
    expect(ids(replaced.vanished)).toEqual(['1']);
  });

  it('of two rows with one name, where nothing else tells things apart, takes the one whose state it is', () => {
    const nameless = { birthUs: 0, ino: 0 } as const;
    const left: LocalRow = { ...row('1', 'b', 0), ...nameless };
    const came: LocalRow = { ...row('2', 'b', 0), ...nameless, size: 2, mtimeUs: 2 };
    for (const rows of [
      [left, came],
      [came, left],
    ]) {
      const diff = diffFolder(rows, [{ ...entry('b', 0), ...nameless, size: 2, mtimeUs: 2 }], linuxRules);
      expect(ids(diff.same.map((pairing) => pairing.row))).toEqual(['2']);
      expect(ids(diff.vanished)).toEqual(['1']);
    }
  });
});
