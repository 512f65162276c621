import { useVirtualizer } from '@tanstack/react-virtual';
import { FolderOpen, SearchX } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import type { VaultEntry } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { classes } from '../parts/classes.ts';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { EntryHead } from './entry-head.tsx';
import { EntryRow } from './entry-row.tsx';
import css from './files.module.css';
import { nextIndex } from './next-index.ts';
import type { Entries, Listing } from './use-listing.ts';

interface EntryListProps {
  readonly entries: Entries;
  readonly listing: Listing;
  readonly selected: string | null;
  readonly onListing: (listing: Listing) => void;
  readonly onSelect: (entry: VaultEntry) => void;
  readonly onOpen: (entry: VaultEntry) => void;
  readonly isOff: (entry: VaultEntry) => boolean;
}

const rowHeight = 40;
const rowsAPage = 12;

/** A table of any length: only the rows in view exist. Arrow keys walk through it, Enter opens. */
export function EntryList({ entries, listing, selected, onListing, onSelect, onOpen, isOff }: EntryListProps) {
  const t = useMessages();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const { total, isPending, error } = entries;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => entries.look(first, last));

  // The same function as long as it does the same, so that rows which stay are not made again while others come.
  const pick = useCallback(
    (index: number, entry: VaultEntry) => {
      setActive(index);
      (entry.kind === 'folder' && !entry.isDeleted ? onOpen : onSelect)(entry);
    },
    [onOpen, onSelect],
  );

  const isOffAt = (index: number): boolean => {
    const entry = entries.at(index);
    return entry !== undefined && isOff(entry);
  };
  const walk = (event: KeyboardEvent) => {
    const entry = entries.at(active);
    // Enter on the name of a column sorts by it.
    if (event.key === 'Enter' && event.target === event.currentTarget && entry !== undefined) onOpen(entry);
    const to = nextIndex(event.key, active, total, rowsAPage);
    if (to === null) return;
    event.preventDefault();
    setActive(to);
    rows.scrollToIndex(to);
    const next = entries.at(to);
    if (next !== undefined && selected !== null) onSelect(next);
  };

  if (error !== null && total === 0) {
    return (
      <div className={classes(css.list, css.failed)}>
        <FailureNote error={error} onRetry={entries.retry} />
      </div>
    );
  }
  if (!isPending && total === 0) {
    const isSearch = listing.search.trim() !== '';
    return (
      <div className={css.list}>
        <Empty
          icon={isSearch ? <SearchX /> : <FolderOpen />}
          title={isSearch ? t.files.notFound : t.files.empty}
          text={isSearch ? t.files.notFoundText : t.files.emptyText}
        />
      </div>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows that are not there cannot be rows of a table element
    <div
      ref={scroller}
      className={css.list}
      role="grid"
      tabIndex={0}
      aria-label={t.files.list}
      aria-busy={isPending}
      aria-rowcount={total + 1}
      aria-activedescendant={total === 0 ? undefined : `${id}-${active}`}
      onKeyDown={walk}
    >
      <EntryHead listing={listing} onListing={onListing} />
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className={css.rows} style={{ blockSize: rows.getTotalSize() }}>
        {isPending ? (
          // biome-ignore-start lint/a11y: as above
          <div role="row">
            <div role="gridcell">
              <Skeleton rows={8} />
            </div>
          </div>
        ) : // biome-ignore-end lint/a11y: as above
        null}
        {shown.map(({ index, start }) => (
          <EntryRow
            key={index}
            id={`${id}-${index}`}
            index={index}
            start={start}
            entry={entries.at(index)}
            isActive={index === active}
            isSelected={selected !== null && entries.at(index)?.node === selected}
            withPath={listing.search.trim() !== ''}
            isOff={isOffAt(index)}
            onPick={pick}
          />
        ))}
      </div>
    </div>
  );
}
