import { utf8ByteLength } from '../common/name.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';

/** What is longer, or has spaces or brackets, is part of the name: nobody misses it as an extension. */
const withExtension = /^(.+)(\.[^\s.()]{1,15})$/su;

/** A name cut before its extension; the extension includes the dot and may be empty. */
export function nameParts(name: string): { readonly stem: string; readonly extension: string } {
  const [, stem = name, extension = ''] = withExtension.exec(name) ?? [];
  return { stem, extension };
}

export const nameLength = (name: string, unit: LocalNameRules['maxLength']['unit']): number =>
  unit === 'utf8' ? utf8ByteLength(name) : name.length;

/**
 * Stem, mark and extension as one name within the limit; the stem gives way, between characters as people see them as far
 * as code points and their combining marks go.
 */
export function fittingName(stem: string, mark: string, extension: string, limit: LocalNameRules['maxLength']): string {
  const whole = stem + mark + extension;
  if (nameLength(whole, limit.unit) <= limit.length) return whole;
  const room = limit.length - nameLength(mark + extension, limit.unit);
  const characters = stem.match(/\P{M}\p{M}*|\p{M}+/gsu) ?? [];
  let kept = '';
  let length = 0;
  for (const character of characters) {
    length += nameLength(character, limit.unit);
    if (length > room) break;
    kept += character;
  }
  return kept.trimEnd() + mark + extension;
}

/** The wanted name for what comes back, and further ones for when it is taken: `n` from 0. */
export function restoredName(wanted: string, n: number, limit: LocalNameRules['maxLength']): string {
  if (n === 0) return wanted;
  const { stem, extension } = nameParts(wanted);
  return fittingName(stem, n === 1 ? ' (restored)' : ` (restored ${n})`, extension, limit);
}
