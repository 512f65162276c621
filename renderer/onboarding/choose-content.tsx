import { printable } from '../../src/common/printable.ts';
import { useMessages } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { SwitchField } from '../parts/switch-field.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './preview.module.css';

const shownEntries = 200;

const topOf = (pair: string) =>
  ({ pair, path: '', search: null, withDeleted: false, sort: 'name', isDescending: false, offset: 0 }) as const;

/** What of the vault comes here at all, before any of it has: a disk may be too small for all of it. */
export function ChooseContent({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const { data, error } = useAnswer('browse', { ...topOf(pair), limit: shownEntries });
  const { data: off } = useAnswer('deselected', { pair });
  const select = useAction('select', { isQuiet: true });
  if (error !== null) return <FailureNote error={error} />;
  if (data === undefined || off === undefined || data.total === 0) return null;
  const paths = new Set(off.deselected.map(({ path }) => path));
  return (
    <details>
      <summary>{t.preview.choose}</summary>
      <p className={css.hint}>{t.preview.chooseHint}</p>
      <ul className={css.choices}>
        {data.entries.map(({ node, name, path }) => (
          <li key={node}>
            <SwitchField
              label={printable(name)}
              isOn={!paths.has(path)}
              onChange={(isSelected) => select.mutate({ pair, path, isSelected })}
            />
          </li>
        ))}
        {data.total > data.entries.length ? <li>{t.preview.more(data.total - data.entries.length)}</li> : null}
      </ul>
      <FailureNote error={select.error} />
    </details>
  );
}
