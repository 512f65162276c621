import { useEffect, useRef } from 'react';
import { HoldfastError } from '../../src/common/errors.ts';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from './button.tsx';
import { Note } from './note.tsx';

/** The sentence for something that went wrong, in the window's language where it is known. */
export function useProblemText(): (error: unknown) => string {
  const t = useMessages();
  const phrase = usePhrase();
  return (error) => {
    if (!(error instanceof HoldfastError) || error.kind === 'bug') return t.problems.bug;
    return phrase(error.message);
  };
}

interface FailureNoteProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** What to do about it, where the sentence does not tell. */
  readonly advice?: string | null;
}

/** Says what went wrong where it was asked for; nothing if nothing did. */
export function FailureNote({ error, onRetry, advice = null }: FailureNoteProps) {
  const t = useMessages();
  const problem = useProblemText();
  const note = useRef<HTMLDivElement>(null);
  const isOfAction = onRetry === undefined;
  // What a person asked for went wrong: they look where they asked, and in a small window it may be told below the edge.
  useEffect(() => {
    if (isOfAction && error !== null && error !== undefined) note.current?.scrollIntoView({ block: 'nearest' });
  }, [error, isOfAction]);
  if (error === null || error === undefined) return null;
  return (
    <Note
      ref={note}
      tone="bad"
      title={t.problems.title}
      actions={onRetry === undefined ? undefined : <Button onClick={onRetry}>{t.common.retry}</Button>}
    >
      {problem(error)}
      {advice === null ? null : <p>{advice}</p>}
    </Note>
  );
}
