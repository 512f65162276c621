import { Search, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { PairStatus } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { VaultSelect } from '../parts/vault-select.tsx';
import { go } from '../state/route.ts';
import css from './files.module.css';
import type { Listing } from './use-listing.ts';

interface FilesToolsProps {
  readonly pairs: readonly PairStatus[];
  readonly pair: string;
  readonly listing: Listing;
  readonly onListing: (listing: Listing) => void;
  readonly onTrash: () => void;
}

/** Which vault, what to look for, and the way to the trash. Ctrl+F looks here. */
export function FilesTools({ pairs, pair, listing, onListing, onTrash }: FilesToolsProps) {
  const t = useMessages();
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 'f') return;
      event.preventDefault();
      search.current?.select();
    };
    addEventListener('keydown', find);
    return () => removeEventListener('keydown', find);
  }, []);
  return (
    <>
      <VaultSelect pairs={pairs} pair={pair} onChange={(to) => go('files', to)} />
      <div className={css.search}>
        <Search aria-hidden="true" />
        <input
          ref={search}
          type="search"
          aria-label={t.files.search}
          placeholder={t.files.search}
          value={listing.search}
          maxLength={200}
          onChange={(event) => onListing({ ...listing, search: event.target.value })}
        />
      </div>
      <Button icon={<Trash2 />} onClick={onTrash}>
        {t.files.trash}
      </Button>
    </>
  );
}
