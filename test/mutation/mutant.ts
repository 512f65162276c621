/** A bug put into one source on purpose, to see that a test notices. Applied when the source is loaded; the tree stays. */
export interface Mutant {
  readonly id: string;
  /** Path from the repository's root. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What an attacker or accident gains by it. */
  readonly why: string;
}

/** Names the variable that holds the mutant to load, as JSON; inherited by child processes. */
export const mutantVariable = 'HOLDFAST_MUTANT';

export type Patch = Pick<Mutant, 'file' | 'find' | 'replace'>;

export const occurrences = (source: string, text: string): number => source.split(text).length - 1;

/** The source with the bug in it. Throws if it is not clear where that goes. */
export function mutated(source: string, { file, find, replace }: Patch): string {
  const count = occurrences(source, find);
  if (count !== 1) throw new Error(`the mutant of ${file} fits ${count} places: ${find}`);
  return source.replace(find, () => replace);
}

/** The mutant that this process is to load; null for none. */
export function mutantOf(environment: Readonly<Record<string, string | undefined>>): Patch | null {
  const text = environment[mutantVariable];
  return text === undefined || text === '' ? null : (JSON.parse(text) as Patch);
}
