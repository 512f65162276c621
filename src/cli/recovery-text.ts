export const keepWords =
  'Write the 24 words down and keep them safe: they are shown only now. Whoever has them can open your data, ' +
  'and without them a lost password cannot be replaced.';

/** Numbered, four in a row. */
export function wordsText(recovery: string): string {
  const words = recovery.split(' ').map((word, i) => `${String(i + 1).padStart(2)} ${word}`.padEnd(14));
  const rows: string[] = [];
  for (let at = 0; at < words.length; at += 4)
    rows.push(
      words
        .slice(at, at + 4)
        .join('')
        .trimEnd(),
    );
  return `Recovery words:\n${rows.join('\n')}`;
}
