import { FolderPlus, Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { Recent } from '../activity/recent.tsx';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { AddFolder } from './add-folder.tsx';
import { Overview } from './overview.tsx';
import { PairCard } from './pair-card.tsx';
import { PauseMenu } from './pause-menu.tsx';
import { WordsReminder } from './words-reminder.tsx';

/** The folders that are kept in step, and how they are. */
export function HomeScreen() {
  const t = useMessages();
  const { data: status } = useAnswer('status', {});
  const { data: infos } = useAnswer('pairs', {});
  const [isAdding, setAdding] = useState(false);
  const pause = useAction('pause');
  const resume = useAction('resume');
  const pairs = status?.pairs ?? [];
  const isAllPaused = infos !== undefined && infos.pairs.length > 0 && infos.pairs.every(({ isPaused }) => isPaused);
  return (
    <Page
      title={t.nav.folders}
      actions={
        pairs.length === 0 ? undefined : (
          <>
            {isAllPaused ? (
              <Button icon={<Play />} onClick={() => resume.mutate({ pair: null })}>
                {t.home.resumeAll}
              </Button>
            ) : (
              <PauseMenu
                trigger={<Button icon={<Pause />}>{t.home.pauseAll}</Button>}
                onPause={(minutes) => pause.mutate({ pair: null, minutes })}
              />
            )}
            <Button look="strong" icon={<FolderPlus />} onClick={() => setAdding(true)}>
              {t.home.add}
            </Button>
          </>
        )
      }
    >
      <WordsReminder />
      {status === undefined ? null : pairs.length === 0 ? (
        <Empty icon={<FolderPlus />} title={t.home.emptyTitle} text={t.stateHint['no-folders']}>
          <Button look="strong" icon={<FolderPlus />} onClick={() => setAdding(true)}>
            {t.home.add}
          </Button>
        </Empty>
      ) : (
        <>
          <Overview status={status} />
          {pairs.map((pair) => (
            <PairCard key={pair.pair} status={pair} info={infos?.pairs.find((info) => info.pair === pair.pair)} />
          ))}
          <Card>
            <Recent />
          </Card>
        </>
      )}
      {isAdding ? <AddFolder onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}
