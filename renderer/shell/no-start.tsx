import { TriangleAlert } from 'lucide-react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { useProblemText } from '../parts/failure-note.tsx';

interface NoStartProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** All that the window can show while the engine does not start: why, and what to do. */
export function NoStart({ error, onRetry }: NoStartProps) {
  const t = useMessages();
  const problem = useProblemText();
  return (
    <main>
      <h1 className="hidden">{t.app}</h1>
      <div role="alert">
        <Empty icon={<TriangleAlert />} title={t.offline.noStart} text={problem(error)}>
          <Button onClick={onRetry}>{t.common.retry}</Button>
        </Empty>
      </div>
    </main>
  );
}
