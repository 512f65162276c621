import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMessages } from '../i18n/messages.tsx';
import css from './files.module.css';
import type { Listing } from './use-listing.ts';

const columns = ['name', 'size', 'time'] as const;

interface EntryHeadProps {
  readonly listing: Listing;
  readonly onListing: (listing: Listing) => void;
}

/** The names of the columns; each sorts by itself, and a second time the other way round. */
export function EntryHead({ listing, onListing }: EntryHeadProps) {
  const t = useMessages();
  const { sort, isDescending } = listing;
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a grid of which most rows are not there
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, the row is only named by it
    <div role="row" className={css.head} aria-rowindex={1}>
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: the button in it has the focus
        <div
          key={column}
          role="columnheader"
          className={css[column]}
          aria-sort={sort === column ? (isDescending ? 'descending' : 'ascending') : 'none'}
        >
          <button
            type="button"
            onClick={() =>
              onListing({ ...listing, sort: column, isDescending: sort === column ? !isDescending : column !== 'name' })
            }
          >
            {t.files.column[column]}
            {sort === column ? isDescending ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" /> : null}
          </button>
        </div>
      ))}
    </div>
  );
}
