import { CloudOff, Split } from 'lucide-react';
import { memo } from 'react';
import type { VaultEntry } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { classes } from '../parts/classes.ts';
import { EntryIcon } from '../parts/entry-icon.tsx';
import { Name } from '../parts/name.tsx';
import { PathName } from '../parts/path-name.tsx';
import { conflictOf } from './conflict-of.ts';
import css from './files.module.css';

interface EntryRowProps {
  readonly id: string;
  readonly index: number;
  /** Pixels from the top of the rows. */
  readonly start: number;
  readonly entry: VaultEntry | undefined;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  /** Shows where it is, as for what was found in many folders. */
  readonly withPath: boolean;
  /** It is in the vault, but not on this computer. */
  readonly isOff: boolean;
  readonly onPick: (index: number, entry: VaultEntry) => void;
}

export const EntryRow = memo(function EntryRow(props: EntryRowProps) {
  const { id, index, start, entry, isActive, isSelected, withPath, isOff, onPick } = props;
  const t = useMessages();
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a grid of which most rows are not there
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus, the row is named by it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes(css.row, isActive && css.active, entry?.isDeleted === true && css.deleted)}
      style={{ translate: `0 ${start}px` }}
      // The second click of two is on what the first one has opened.
      onClick={({ detail }) => entry !== undefined && detail < 2 && onPick(index, entry)}
    >
      {/* biome-ignore-start lint/a11y: cells of that grid */}
      <div role="gridcell" className={css.name}>
        <EntryIcon kind={entry?.kind ?? 'file'} name={entry?.name ?? ''} />
        {entry === undefined ? (
          <bdi>{t.common.loading}</bdi>
        ) : withPath ? (
          <PathName path={entry.path} />
        ) : (
          <Name>{entry.name}</Name>
        )}
        {entry !== undefined && !entry.isDeleted && conflictOf(entry.name) !== null ? (
          <Split className={css.conflict} aria-label={t.files.conflict} role="img" />
        ) : null}
        {isOff ? <CloudOff className={css.off} aria-label={t.off.badge} role="img" /> : null}
        {entry?.isDeleted === true ? <span className={css.gone}>{t.files.isDeleted}</span> : null}
      </div>
      <div role="gridcell" className={css.size}>
        {entry?.kind === 'file' ? format.bytes(entry.size) : ''}
      </div>
      <div role="gridcell" className={css.time}>
        {entry?.kind === 'file' ? format.ago(entry.mtimeUs / 1000) : ''}
      </div>
      {/* biome-ignore-end lint/a11y: cells of that grid */}
    </div>
  );
});
