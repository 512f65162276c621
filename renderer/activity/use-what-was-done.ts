import { useMessages } from '../i18n/messages.tsx';

/** Says what a change did; one of a sort that this window does not know yet, in general words. */
export function useWhatWasDone(): (what: string) => string {
  const t = useMessages();
  const names: Readonly<Record<string, string>> = t.activity.what;
  return (what) => names[what] ?? t.activity.what.other;
}
