import { isKind } from '../../common/errors.ts';
import type { Pair } from '../../engine/pair.ts';
import type { VaultEntry } from '../../model/status.ts';
import type { Calls, Input } from '../../rpc/contract.ts';
import { failureFrom } from '../../rpc/failure.ts';
import type { Device } from '../device.ts';
import { saveCopy } from '../home/save-copy.ts';
import type { OpenPairs } from '../pairs/open-pairs.ts';

type BrowseCommands = Pick<Calls, 'browse' | 'save-copy' | 'held' | 'resolve-many'>;

/** Long lists for a window, page by page, and what is done with what they show. */
export function browseCommands(device: Device, pairs: OpenPairs, resolve: Calls['resolve']): BrowseCommands {
  const { clock } = device.ports;
  /** Weakly, since nobody says when the last page was asked for: a program that rests is not to keep 100,000 entries. */
  let last: { readonly key: string; readonly entries: WeakRef<readonly VaultEntry[]>; readonly until: number } | null =
    null;

  return {
    browse: async ({ offset, limit, ...what }) => {
      const { record, pair, path } = await pairs.at(what.pair, what.path);
      const { seq, serverSeq } = pair.status();
      const key = JSON.stringify([record.pair, path, seq, serverSeq, { ...what, pair: null, path: null }]);
      // Pages of one list come one after the other; the list itself is made once for all of them.
      const made = last?.key === key && last.until >= clock.monotonic() ? last.entries.deref() : undefined;
      const entries = made ?? (await listed(pair, path, what));
      if (made === undefined) last = { key, entries: new WeakRef(entries), until: clock.monotonic() + keptFor };
      return { entries: entries.slice(offset, offset + limit), total: entries.length };
    },

    'save-copy': async ({ pair: choice, path, revision, node }) => {
      const place = await pairs.at(choice, path);
      return { file: await saveCopy(place.pair, place.path, { revision, node }) };
    },

    held: async ({ pair: choice, offset, limit }) => {
      const chosen = await pairs.all(choice);
      const lists = await Promise.all(chosen.map(({ pair }) => pair.held({ offset: 0, limit: offset + limit })));
      return {
        items: lists.flatMap(({ items }) => items).slice(offset, offset + limit),
        total: lists.reduce((sum, { total }) => sum + total, 0),
      };
    },

    'resolve-many': async ({ issues, choice }) => {
      const failures: Awaited<ReturnType<BrowseCommands['resolve-many']>>['failures'] = [];
      for (const { pair, issue } of issues) {
        try {
          await resolve({ pair, issue, choice });
        } catch (error) {
          if (isKind(error, 'bug')) throw error;
          failures.push({ pair, issue, failure: failureFrom(error) });
        }
      }
      return { done: issues.length - failures.length, failures };
    },
  };
}

/** Milliseconds a listing serves further pages. */
const keptFor = 30_000;

async function listed(pair: Pair, path: string, what: Omit<Input<'browse'>, 'offset' | 'limit'>) {
  const isRecursive = what.search !== null;
  return sorted(filtered(await pair.list(path, { isRecursive, withDeleted: what.withDeleted }), what.search), what);
}

function filtered(entries: readonly VaultEntry[], search: string | null): readonly VaultEntry[] {
  if (search === null) return entries;
  const wanted = search.normalize('NFC').toLowerCase();
  return entries.filter(({ name }) => name.toLowerCase().includes(wanted));
}

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Folders come first by whatever is sorted: they have neither size nor time of their own. */
function sorted(
  entries: readonly VaultEntry[],
  { sort, isDescending }: Pick<Input<'browse'>, 'sort' | 'isDescending'>,
): readonly VaultEntry[] {
  const byName = (a: VaultEntry, b: VaultEntry): number => names.compare(a.name, b.name);
  const by = {
    name: byName,
    size: (a: VaultEntry, b: VaultEntry) => a.size - b.size || byName(a, b),
    time: (a: VaultEntry, b: VaultEntry) => a.mtimeUs - b.mtimeUs || byName(a, b),
  }[sort];
  const way = isDescending ? -1 : 1;
  const rank = ({ kind }: VaultEntry): number => (kind === 'folder' ? 0 : 1);
  return entries.toSorted((a, b) => rank(a) - rank(b) || way * by(a, b));
}
