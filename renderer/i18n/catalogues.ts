import { de } from './de.ts';
import { en, type Messages } from './en.ts';

/** Languages of the window by their BCP 47 tag. */
export const catalogues: Readonly<Record<string, Messages>> = { en, de };

/** How a language of the window is written. */
export const directionOf = (language: string): Messages['direction'] => (catalogues[language] ?? en).direction;

/** The catalogue for a setting: a tag, or `system` for what the browser prefers. English if none fits. */
export function languageFor(setting: string, preferred: readonly string[]): string {
  const wanted = setting === 'system' ? preferred : [setting];
  const known = wanted.map((tag) => tag.split('-', 1)[0] ?? '').find((tag) => Object.hasOwn(catalogues, tag));
  return known ?? 'en';
}
