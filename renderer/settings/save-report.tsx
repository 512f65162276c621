import { Download } from 'lucide-react';
import { useMessages } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { useSaveText } from '../parts/use-save-text.ts';
import { useAction } from '../state/use-action.ts';

/** Hands the person a report for whoever helps. */
export function SaveReport() {
  const t = useMessages();
  const { save } = useSaveText();
  const report = useAction('diagnostics', { onDone: ({ fileName, text }) => save(fileName, text) });
  return (
    <Button icon={<Download />} isBusy={report.isPending} onClick={() => report.mutate({})}>
      {t.settings.export}
    </Button>
  );
}
