/** Bytes. An interrupted download of that much goes on where it was. */
const largeFrom = 16 * 1024 * 1024;

/** Whether a file of so many bytes takes long: others need not wait for it. */
export const isLarge = (size: number): boolean => size >= largeFrom;
