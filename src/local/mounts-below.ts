const unescaped = (place: string): string =>
  place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Of `/proc/self/mountinfo`: the places below a folder where something is mounted, of whatever volume. */
export const mountsBelow = (table: string, folder: string): readonly string[] =>
  table
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((place) => place.startsWith(`${folder}/`));
