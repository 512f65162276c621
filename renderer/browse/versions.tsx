import { Download, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { NodeId } from '../../src/common/ids.ts';
import { printable } from '../../src/common/printable.ts';
import type { VersionInfo } from '../../src/model/status.ts';
import { useFormat, useMessages } from '../i18n/messages.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useToast } from '../parts/toast.tsx';
import { useAnswer } from '../state/queries.ts';
import { useAction } from '../state/use-action.ts';
import css from './details.module.css';

/** All that is kept of a file, newest first; any of it can be restored or saved beside. */
export function Versions({
  pair,
  entry,
}: {
  readonly pair: string;
  readonly entry: { readonly node: NodeId | null; readonly path: string; readonly name: string };
}) {
  const t = useMessages();
  const toast = useToast();
  const { node, path, name } = entry;
  const { data, error, refetch, isPending } = useAnswer('versions', { pair, path, node });
  const [asked, setAsked] = useState<VersionInfo | null>(null);
  const save = useAction('save-copy', { onDone: ({ file }) => toast.say(t.files.downloaded(printable(file))) });
  const restore = useAction('restore', {
    onDone: () => {
      setAsked(null);
      toast.say(t.files.restored);
    },
  });
  return (
    <section aria-label={t.files.versions}>
      <h3>{t.files.versions}</h3>
      <FailureNote error={error} onRetry={() => void refetch()} />
      {isPending ? <Skeleton rows={3} /> : null}
      <ol className={css.versions}>
        {data?.versions.map((version) => (
          <Version
            key={version.revision}
            version={version}
            onSave={() => save.mutate({ pair, path, node, revision: version.revision })}
            onRestore={() => setAsked(version)}
          />
        ))}
      </ol>
      {asked === null ? null : (
        <Confirm
          title={t.files.restoreTitle(printable(name))}
          text={t.files.restoreText}
          verb={t.files.restore}
          isBusy={restore.isPending}
          onConfirm={() => restore.mutate({ pair, path, node, revision: asked.revision })}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

interface VersionProps {
  readonly version: VersionInfo;
  readonly onSave: () => void;
  readonly onRestore: () => void;
}

function Version({ version, onSave, onRestore }: VersionProps) {
  const t = useMessages();
  const format = useFormat();
  const { time, size, deviceName, isCurrent } = version;
  return (
    <li className={css.version}>
      <div className={css.when}>
        <time dateTime={new Date(time).toISOString()}>{format.moment(time)}</time>
        {isCurrent ? <span className={css.current}>{t.files.current}</span> : null}
        <p>
          {format.bytes(size)} · {t.files.by(printable(deviceName))}
        </p>
      </div>
      <IconButton label={t.files.download} icon={<Download />} onClick={onSave} />
      {isCurrent ? null : <IconButton label={t.files.restore} icon={<RotateCcw />} onClick={onRestore} />}
    </li>
  );
}
