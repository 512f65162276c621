import { Files } from 'lucide-react';
import { useState } from 'react';
import type { VaultEntry } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Page } from '../parts/page.tsx';
import { useAnswer } from '../state/queries.ts';
import { go } from '../state/route.ts';
import { Crumbs } from './crumbs.tsx';
import { Details } from './details.tsx';
import { EntryList } from './entry-list.tsx';
import css from './files.module.css';
import { FilesTools } from './files-tools.tsx';
import { TrashDialog } from './trash-dialog.tsx';
import { firstListing, useListing } from './use-listing.ts';

interface FilesScreenProps {
  /** The pair that the address names; null: the first one. */
  readonly pair: string | null;
  readonly path: string;
}

/** What a vault holds: folders and files, found by name, with all their versions. */
export function FilesScreen({ pair: named, path }: FilesScreenProps) {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const pairs = status?.pairs ?? [];
  const pair = pairs.find((each) => each.pair === named) ?? pairs[0];
  const [listing, setListing] = useState(firstListing);
  const [selected, setSelected] = useState<VaultEntry | null>(null);
  const [isTrash, setTrash] = useState(false);
  const entries = useListing(pair?.pair ?? null, path, listing);
  if (pair === undefined) {
    return (
      <Page title={t.files.title}>
        <Empty icon={<Files />} title={t.files.noPair} text={t.home.emptyText} />
      </Page>
    );
  }
  const open = (entry: VaultEntry) => {
    if (entry.kind === 'file' || entry.isDeleted) return setSelected(entry);
    setSelected(null);
    setListing({ ...listing, search: '' });
    go('files', pair.pair, ...entry.path.split('/'));
  };
  return (
    <Page
      title={t.files.title}
      isFilled
      actions={
        <FilesTools
          pairs={pairs}
          pair={pair.pair}
          listing={listing}
          onListing={setListing}
          onTrash={() => setTrash(true)}
        />
      }
    >
      <Crumbs pair={pair} path={path} />
      <FailureNote error={entries.error} />
      <div className={css.split}>
        <EntryList
          key={`${pair.pair}/${path}`}
          entries={entries}
          listing={listing}
          selected={selected?.node ?? null}
          onListing={setListing}
          onSelect={setSelected}
          onOpen={open}
        />
        {selected === null ? null : (
          <Details key={selected.node} pair={pair.pair} entry={selected} onClose={() => setSelected(null)} />
        )}
      </div>
      {isTrash ? <TrashDialog pair={pair.pair} onClose={() => setTrash(false)} /> : null}
    </Page>
  );
}
