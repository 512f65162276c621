/** Node has no word for a disk quota that is used up, only the number: 122 on Linux, 69 on macOS, each of which means nothing on the other. */
const quotaNumbers: ReadonlySet<unknown> = new Set([-122, -69]);

/** The system's word for a failure (`ENOENT`…); null if it is none of the system's. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  return 'errno' in error && quotaNumbers.has(error.errno) ? 'EDQUOT' : error.code;
}

/** Nothing has that name, or a file took the place of a folder above it. */
export const isAbsence = (error: unknown): boolean => {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
};
