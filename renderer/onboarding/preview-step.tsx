import { isKind } from '../../src/common/errors.ts';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { useAction } from '../state/use-action.ts';
import { Preview } from './preview.tsx';
import { Step } from './step.tsx';

interface PreviewStepProps {
  readonly pair: string;
  readonly onBack: () => void;
  readonly onStarted: () => void;
}

/** What the first sync will do, before it does it. */
export function PreviewStep({ pair, onBack, onStarted }: PreviewStepProps) {
  const t = useMessages();
  const start = useAction('resume', { isQuiet: true, onDone: onStarted });
  const remove = useAction('remove', {
    isQuiet: true,
    onDone: onBack,
    // Another window was quicker.
    onFailed: (error) => isKind(error, 'usage') && onBack(),
  });
  return (
    <Step
      title={t.preview.title}
      text={t.preview.text}
      onSubmit={() => start.mutate({ pair })}
      footer={
        <>
          <Button look="quiet" isBusy={remove.isPending} onClick={() => remove.mutate({ pair })}>
            {t.common.back}
          </Button>
          <Button type="submit" look="strong" isBusy={start.isPending}>
            {t.preview.start}
          </Button>
        </>
      }
    >
      <Preview pair={pair} />
      <FailureNote error={start.error ?? remove.error} />
    </Step>
  );
}
