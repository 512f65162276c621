/** Bytes. An interrupted download of that much goes on where it was. */
const largeFrom = 16 * 1024 * 1024;

/** Whether a file of so many bytes takes long: others need not wait for it. */
export const isLarge = (size: number): boolean => size >= largeFrom;

/** Up to so many bytes a file is a matter of a moment: a note, a document. */
const lightUpTo = 1024 * 1024;

/** Whether there is always room for it beside heavier ones. `weight`: the size of a file; 0 for what is small. */
export const isLight = (weight: number): boolean => weight < lightUpTo + 1;

const orders = 2 ** 20;
let begun = 0;

/**
 * Weighs a content of so many bytes that is about to begin: of one size, what begins first is lighter by less than a byte. Else many
 * files of one size would go piece by piece side by side, and none of them be done before nearly all are.
 */
export function weightOf(size: number): number {
  begun = (begun + 1) % orders;
  return size + begun / orders;
}
