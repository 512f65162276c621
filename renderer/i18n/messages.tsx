import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { de } from './de.ts';
import { en, type Messages } from './en.ts';
import { type Format, formatIn } from './format.ts';

/** Languages of the window by their BCP 47 tag. */
export const catalogues: Readonly<Record<string, Messages>> = { en, de };

interface Words {
  readonly messages: Messages;
  readonly format: Format;
  readonly language: string;
}

/** The catalogue for a setting: a tag, or `system` for what the browser prefers. English if none fits. */
export function languageFor(setting: string, preferred: readonly string[]): string {
  const wanted = setting === 'system' ? preferred : [setting];
  const known = wanted.map((tag) => tag.split('-', 1)[0] ?? '').find((tag) => catalogues[tag] !== undefined);
  return known ?? 'en';
}

const wordsIn = (language: string): Words => ({
  messages: catalogues[language] ?? en,
  format: formatIn(language),
  language,
});

const Context = createContext<Words>(wordsIn('en'));

export function WordsProvider({ language, children }: { readonly language: string; readonly children: ReactNode }) {
  const words = useMemo(() => wordsIn(language), [language]);
  return <Context value={words}>{children}</Context>;
}

export const useMessages = (): Messages => useContext(Context).messages;
export const useFormat = (): Format => useContext(Context).format;
export const useLanguage = (): string => useContext(Context).language;

/** A sentence of the engine, in the window's language where the catalogue has it. */
export const usePhrase = (): ((sentence: string) => string) => {
  const { phrases } = useMessages();
  return (sentence) =>
    sentence
      .split(/(?<=\.) (?=[A-Z])/)
      .map((part) => phrases[part] ?? part)
      .join(' ');
};
