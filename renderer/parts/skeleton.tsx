import { useMessages } from '../i18n/messages.tsx';
import css from './skeleton.module.css';

/** Lines in the place of what is still on the way; seen only if that takes a moment. */
export function Skeleton({ rows }: { readonly rows: number }) {
  const t = useMessages();
  return (
    <div className={css.skeleton} role="status">
      <span className="hidden">{t.common.loading}</span>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without anything of their own
        <span key={at} className={css.row} aria-hidden="true" />
      ))}
    </div>
  );
}
