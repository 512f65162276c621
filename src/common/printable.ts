/**
 * Text from a vault, fit for a terminal or a window: control and direction characters, which could rewrite a line, hide
 * what a name ends in or run commands, are shown as escapes. What joins letters and emojis is part of writing.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char, at: number) =>
    isJoiner(char, text, at) ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );

/** A zero-width joiner, or a non-joiner between letters of a script that has need of it. */
const isJoiner = (char: string, text: string, at: number): boolean =>
  char === '\u200d' || (char === '\u200c' && needsJoiners.test(text.slice(0, at)));

const needsJoiners =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Telugu}\p{M}]$/u;
