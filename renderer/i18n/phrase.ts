/**
 * A sentence of the engine, or several, in the language of `phrases`; what is not there stays as it is. In the keys, `%p`
 * stands for the path and `%n` for the first number.
 */
export function phraseIn(phrases: Readonly<Record<string, string>>, text: string, path: string | null = null): string {
  const one = (sentence: string): string | undefined => {
    const placed = path === null || path === '' ? sentence : sentence.replace(path, '%p');
    const number = /(?<![\w%])\d+(?!\w)/.exec(placed)?.[0];
    const found = phrases[number === undefined ? placed : placed.replace(number, '%n')] ?? phrases[placed];
    return found?.replace('%n', () => number ?? '').replace('%p', () => path ?? '');
  };
  return (
    one(text) ??
    sentences(text)
      .map((sentence) => one(sentence) ?? sentence)
      .join(' ')
  );
}

const sentences = (text: string): string[] => text.split(/(?<=\.) (?=[A-Z])/);
