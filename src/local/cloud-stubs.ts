import { diskError } from '../common/disk-error.ts';
import type { Entry } from '../model/stat.ts';
import type { Listing, ProblemEntry } from './file-system.ts';

/** Before macOS 14 a file that is only in iCloud has this in its place: a small file of another name. */
const behindStub = ({ name, kind }: Pick<Entry, 'name' | 'kind'>): string | null =>
  kind === 'file' && name.startsWith('.') && name.endsWith('.icloud') && name.length > '..icloud'.length
    ? name.slice(1, -'.icloud'.length)
    : null;

/** Pure. What of a listing is a stub is a file that is there and cannot be looked at: neither deleted nor another one. */
export function withoutStubs(listing: Listing): Listing {
  const stubs = listing.entries.flatMap((entry) => behindStub(entry) ?? []);
  if (stubs.length === 0) return listing;
  const entries = listing.entries.filter((entry) => behindStub(entry) === null);
  const there = new Set(entries.map(({ name }) => name));
  const away = stubs
    .filter((name) => !there.has(name))
    .map((name): ProblemEntry => ({ display: name, name, fault: null, error: diskError('online-only') }));
  return { ...listing, entries, problems: [...listing.problems, ...away] };
}
