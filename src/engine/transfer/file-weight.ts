/** Bytes. An interrupted download of that much goes on where it was. */
const largeFrom = 16 * 1024 * 1024;

/** Whether a file of so many bytes takes long: others need not wait for it. */
export const isLarge = (size: number): boolean => size >= largeFrom;

/** Up to so many bytes a file is a matter of a moment: a note, a document. */
const lightUpTo = 1024 * 1024;

/** Whether there is always room for it beside heavier ones. `weight`: the size of a file; 0 for what is small. */
export const isLight = (weight: number): boolean => weight <= lightUpTo;
