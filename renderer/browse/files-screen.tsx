import { Files, Info } from 'lucide-react';
import { useState } from 'react';
import type { PairStatus, VaultEntry } from '../../src/model/status.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Empty } from '../parts/empty.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Page } from '../parts/page.tsx';
import { useAnswer } from '../state/queries.ts';
import { go } from '../state/route.ts';
import { Crumbs } from './crumbs.tsx';
import { Details, type Shown } from './details.tsx';
import { EntryList } from './entry-list.tsx';
import css from './files.module.css';
import { FilesTools } from './files-tools.tsx';
import { TrashDialog } from './trash-dialog.tsx';
import { firstListing, useListing } from './use-listing.ts';
import { useOffThisDevice } from './use-off-this-device.ts';

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
  if (pair === undefined) {
    return (
      <Page title={t.nav.files}>
        <Empty icon={<Files />} title={t.home.emptyTitle} text={t.stateHint['no-folders']} />
      </Page>
    );
  }
  // What was chosen in one vault is nothing of another, though it may have the same path there.
  return <VaultFiles key={pair.pair} pairs={pairs} pair={pair} path={path} />;
}

interface VaultFilesProps {
  readonly pairs: readonly PairStatus[];
  readonly pair: PairStatus;
  readonly path: string;
}

function VaultFiles({ pairs, pair, path }: VaultFilesProps) {
  const t = useMessages();
  const [listing, setListing] = useState(firstListing);
  const [selected, setSelected] = useState<Shown | null>(null);
  const [isTrash, setTrash] = useState(false);
  // Whichever way one came to another folder: what was chosen is none of its files.
  const [at, setAt] = useState(path);
  if (at !== path) {
    setAt(path);
    setSelected(null);
  }
  const entries = useListing(pair.pair, path, listing);
  const isOff = useOffThisDevice(pair.pair);
  const open = (entry: VaultEntry) => {
    if (entry.kind === 'file' || entry.isDeleted) return setSelected(entry);
    setSelected(null);
    setListing({ ...listing, search: '' });
    go('files', pair.pair, ...entry.path.split('/'));
  };
  /** Closed by keyboard, the list has the focus again. */
  const close = () => {
    setSelected(null);
    document.querySelector<HTMLElement>('[role=grid]')?.focus();
  };
  return (
    <Page
      title={t.nav.files}
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
      <div className={css.way}>
        <Crumbs pair={pair} path={path} />
        {path === '' ? null : (
          <IconButton
            label={t.files.folderDetails}
            icon={<Info />}
            onClick={() => setSelected({ node: null, path, name: lastOf(path), kind: 'folder', isDeleted: false })}
          />
        )}
        <label className={css.check}>
          <input
            type="checkbox"
            checked={listing.withDeleted}
            onChange={(event) => setListing({ ...listing, withDeleted: event.target.checked })}
          />
          {t.files.deleted}
        </label>
      </div>
      <div className={css.split}>
        <EntryList
          key={`${pair.pair}/${path}`}
          entries={entries}
          listing={listing}
          selected={selected?.node ?? null}
          onListing={setListing}
          onSelect={setSelected}
          onOpen={open}
          isOff={isOff}
        />
        {selected === null ? null : (
          <Details
            key={selected.path}
            pair={pair.pair}
            entry={selected}
            isOff={isOff(selected)}
            onClose={close}
            onSearch={(search) => setListing({ ...listing, search })}
          />
        )}
      </div>
      {isTrash ? <TrashDialog pair={pair} onClose={() => setTrash(false)} /> : null}
    </Page>
  );
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
