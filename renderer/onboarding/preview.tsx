import { ArrowDown, ArrowUp, Copy, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { PlanPreview } from '../../src/model/status.ts';
import { useFormat, useMessages, usePhrase } from '../i18n/messages.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { Name } from '../parts/name.tsx';
import { useAnswer } from '../state/queries.ts';
import { ChooseContent } from './choose-content.tsx';
import css from './preview.module.css';

const shownLines = 100;

/** Numbers of a plan, and its first lines with their reasons. */
export function Preview({ pair }: { readonly pair: string }) {
  const t = useMessages();
  const { data, error, refetch } = useAnswer('plan', { pair, isVerbose: true });
  const { data: off } = useAnswer('deselected', { pair });
  const isAllHere = off === undefined || off.deselected.length === 0;
  // Once there is a choice it stays: whoever makes one, and leaves out all that would come, may think again.
  const [hasChoice, setChoice] = useState(false);
  if (!hasChoice && data !== undefined && (data.counts.down > 0 || !isAllHere)) setChoice(true);
  if (error !== null) return <FailureNote error={error} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <p role="status" className={css.wait}>
        {t.folder.looking}
      </p>
    );
  }
  const { counts, lines } = data;
  const isNothing = counts.up + counts.down + counts.conflicts + counts.deletes + counts.moves === 0;
  return (
    <div className={css.preview}>
      {isNothing && isAllHere ? (
        <p className={css.nothing}>{t.preview.nothing}</p>
      ) : (
        <>
          <Counts counts={counts} />
          <Lines lines={lines} />
        </>
      )}
      {hasChoice ? <ChooseContent pair={pair} /> : null}
    </div>
  );
}

function Lines({ lines }: Pick<PlanPreview, 'lines'>) {
  const t = useMessages();
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>{t.preview.details}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <ul className={css.lines} tabIndex={0} aria-label={t.preview.details}>
        {lines.slice(0, shownLines).map((line) => (
          <Line key={`${line.direction} ${line.operation} ${line.path}`} line={line} />
        ))}
        {lines.length > shownLines ? <li>{t.preview.more(lines.length - shownLines)}</li> : null}
      </ul>
    </details>
  );
}

function Counts({ counts }: { readonly counts: PlanPreview['counts'] }) {
  const t = useMessages();
  const format = useFormat();
  const tiles = [
    { label: t.preview.up, icon: <ArrowUp />, count: counts.up, more: format.bytes(counts.bytesUp) },
    { label: t.preview.down, icon: <ArrowDown />, count: counts.down, more: format.bytes(counts.bytesDown) },
    { label: t.preview.conflicts, icon: <Copy />, count: counts.conflicts, more: '' },
    { label: t.preview.deletes, icon: <Trash2 />, count: counts.deletes, more: '' },
  ];
  return (
    <dl className={css.tiles}>
      {tiles.map(({ label, icon, count, more }) => (
        <div key={label} className={css.tile}>
          <dt>
            <span aria-hidden="true">{icon}</span>
            {label}
          </dt>
          <dd>{format.count(count)}</dd>
          <dd className={css.more}>{more}</dd>
        </div>
      ))}
    </dl>
  );
}

function Line({ line }: { readonly line: PlanPreview['lines'][number] }) {
  const t = useMessages();
  const phrase = usePhrase();
  return (
    <li className={css.line}>
      <span className={css.direction}>{t.preview.direction[line.direction]}</span>
      <Name className={css.path}>{line.path}</Name>
      <span className={css.rule}>{phrase(line.rule)}</span>
    </li>
  );
}
