/** A bug planted on purpose, as a replacement of text in one source that is made when the module is loaded. */
export interface Mutant {
  readonly id: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What the bug does to a person. */
  readonly why: string;
  /** Replaced as well: no bug, but what makes the place reachable by small files. */
  readonly scale?: readonly Omit<Mutant, 'id' | 'why' | 'scale'>[];
}

/** In the message of a mutant whose text is not where it should be: a mistake here, and no finding. */
export const cannotBePlanted = 'the text of the mutant is not there once';
