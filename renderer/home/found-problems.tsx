import { useState } from 'react';
import type { Output } from '../../src/rpc/contract.ts';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Name } from '../parts/name.tsx';
import css from './found-problems.module.css';

const page = 200;

interface FoundProblemsProps {
  readonly problems: Output<'verify'>['problems'];
  readonly onClose: () => void;
}

/** What is wrong with which files, as a check of all of them has found. */
export function FoundProblems({ problems, onClose }: FoundProblemsProps) {
  const t = useMessages();
  const phrase = usePhrase();
  const [most, setMost] = useState(page);
  const rest = problems.length - most;
  return (
    <Dialog title={t.home.problems(problems.length)} text={t.home.problemsText} isWide onClose={onClose}>
      <ul className={css.list}>
        {problems.slice(0, most).map(({ path, problem }) => (
          <li key={`${path} ${problem}`}>
            <Name>{path}</Name>
            <p>{phrase(problem)}</p>
          </li>
        ))}
      </ul>
      {rest > 0 ? (
        <Button look="quiet" onClick={() => setMost(most + page)}>
          {t.issues.showMore(rest)}
        </Button>
      ) : null}
    </Dialog>
  );
}
