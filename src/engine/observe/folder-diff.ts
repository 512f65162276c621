import type { LocalRow } from '../../db/index-port.ts';
import { type LocalNameRules, localKey } from '../../model/local-name-rules.ts';
import { type Entry, isSameIdentity } from '../../model/stat.ts';
import { isFormer } from './former-rows.ts';

export interface Pairing {
  readonly row: LocalRow;
  readonly entry: Entry;
}

/** What one listing says about the rows of the same folder. Each row and each entry is in one list. */
export interface FolderDiff {
  /** Same name and kind, and the same identity or a row of before the move: the same thing, perhaps with new content. */
  readonly same: readonly Pairing[];
  /** Same name and kind, another identity: saved anew by an editor, or another thing that took the name. */
  readonly replaced: readonly Pairing[];
  readonly appeared: readonly Entry[];
  readonly vanished: readonly LocalRow[];
}

/**
 * Pure. `entries` are files and folders only, ignored ones left out. Two rows may have one name for a while: one of them
 * was to leave, had already gone, and another one was put in its place. The entry is whichever it is the same thing as.
 */
export function diffFolder(rows: readonly LocalRow[], entries: readonly Entry[], rules: LocalNameRules): FolderDiff {
  const byKey = new Map<string, LocalRow>();
  const others = new Map<string, LocalRow[]>();
  for (const row of rows) {
    const key = localKey(row.name, rules);
    if (!byKey.has(key)) byKey.set(key, row);
    else others.set(key, [...(others.get(key) ?? []), row]);
  }
  const same: Pairing[] = [];
  const replaced: Pairing[] = [];
  const appeared: Entry[] = [];
  const vanished: LocalRow[] = [];
  for (const entry of entries) {
    const key = localKey(entry.name, rules);
    const first = byKey.get(key);
    const namesakes = first === undefined ? [] : [first, ...(others.get(key) ?? [])];
    const row = rowOf(entry, namesakes);
    if (row === undefined) {
      appeared.push(entry);
      continue;
    }
    byKey.delete(key);
    others.delete(key);
    vanished.push(...namesakes.filter((each) => each !== row));
    (isSame(row, entry) ? same : replaced).push({ row, entry });
  }
  return { same, replaced, appeared, vanished: [...vanished, ...byKey.values(), ...[...others.values()].flat()] };
}

/** Where nothing tells things apart but their names, its state says which of two that have one it is. */
function rowOf(entry: Entry, namesakes: readonly LocalRow[]): LocalRow | undefined {
  const alike = namesakes.filter(({ kind }) => kind === entry.kind);
  const same = alike.length > 1 ? alike.filter((row) => isSame(row, entry)) : alike;
  return same.find(({ size, mtimeUs }) => size === entry.size && mtimeUs === entry.mtimeUs) ?? same[0] ?? alike[0];
}

const isSame = (row: LocalRow, entry: Entry): boolean => isSameIdentity(row, entry) || isFormer(row);
