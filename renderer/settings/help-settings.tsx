import { Copy, Stethoscope } from 'lucide-react';
import { useMessages, usePhrase } from '../i18n/messages.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { copyText } from '../parts/copy-text.ts';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import { SaveReport } from './save-report.tsx';
import css from './settings.module.css';

/** A report for whoever helps, and a look at this installation. */
export function HelpSettings() {
  const t = useMessages();
  const phrase = usePhrase();
  const { data: info } = useAnswer('app-info', {});
  const toast = useToast();
  const copy = useAction('diagnostics', {
    onDone: ({ text }) => void copyText(text).then((isDone) => isDone && toast.say(t.common.copied)),
  });
  const doctor = useAction('doctor');
  return (
    <Card title={t.settings.help} text={t.settings.helpText}>
      <div className={css.row}>
        <SaveReport />
        <Button icon={<Copy />} isBusy={copy.isPending} onClick={() => copy.mutate({})}>
          {t.settings.copyReport}
        </Button>
        <Button icon={<Stethoscope />} isBusy={doctor.isPending} onClick={() => doctor.mutate({})}>
          {t.settings.doctor}
        </Button>
        {info === undefined ? null : <span className={css.version}>{t.settings.version(info.version)}</span>}
      </div>
      {doctor.data === undefined ? null : (
        <ul className={css.checks}>
          {doctor.data.checks.map(({ name, result, message }) => (
            <li key={name}>
              <strong data-result={result}>{t.settings.result[result]}</strong>
              <span>{phrase(message)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
