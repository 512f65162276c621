/** What the engine puts into the name of a copy that it keeps. */
const mark = / \(conflict from ([^()]*), \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d(?:, \d+)?\)/;

interface ConflictOf {
  /** The name that the file would have. */
  readonly original: string;
  /** The device whose version this copy is. */
  readonly device: string;
}

/** Of which file this is a copy, made because it was edited on two devices at a time; null if it is none. */
export function conflictOf(name: string): ConflictOf | null {
  const found = mark.exec(name);
  return found === null ? null : { original: name.replace(mark, ''), device: found[1] ?? '' };
}
