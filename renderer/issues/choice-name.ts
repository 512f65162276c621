import type { Messages } from '../i18n/en.ts';

/** What a choice of an issue is called on its button. */
export function choiceName(t: Messages, choice: string): string {
  const names: Readonly<Record<string, string>> = t.issues.choice;
  return names[choice] ?? choice;
}

/** Whether a choice takes something away, and so is asked for once more and never for many at once. */
export const isDanger = (choice: string): boolean => choice === 'allow';

/** A choice that is about all issues of this kind in a folder, those to come included: chosen once, not for each. */
export const isForAll = (choice: string): boolean => choice === 'dismiss-all';
