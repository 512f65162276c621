/** The system's word for a failure (`ENOENT`…); null if it is none of the system's. */
export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;

/** Nothing has that name, or a file took the place of a folder above it. */
export const isAbsence = (error: unknown): boolean => {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
};
