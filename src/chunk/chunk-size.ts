const mebibyte = 1024 * 1024;

/** Files up to this size, in bytes, are split into small chunks. */
export const smallFileLimit = 256 * mebibyte;
export const smallChunk = mebibyte;
/** Also the longest chunk there is (FORMAT.md, Objects). */
export const largeChunk = 4 * mebibyte;

/** Bytes of plaintext in each chunk, but the last, of a file that is split anew. */
export const chunkSizeFor = (fileSize: number): number => (fileSize <= smallFileLimit ? smallChunk : largeChunk);

/**
 * The chunk size for a delta: that of the previous revision for as long as it does not make too many or too few chunks, so
 * that a file which grows past the limit is not sent whole.
 */
export function chunkSizeForDelta(fileSize: number, longestPrevious: number): number {
  if (longestPrevious > smallChunk) return fileSize <= smallFileLimit / 4 ? smallChunk : largeChunk;
  return fileSize <= smallFileLimit * 4 ? smallChunk : largeChunk;
}
