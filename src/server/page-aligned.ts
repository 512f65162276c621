import { pageAlignedMemory } from '../common/direct-io.ts';

const aligned = new WeakSet<ArrayBufferLike>();

/**
 * A buffer that begins at a page of memory, as a write past the system's cache wants it; an ordinary one where there is no such
 * memory.
 */
export function pageAlignedBuffer(bytes: number): Buffer {
  const memory = pageAlignedMemory(bytes);
  if (memory === null) return Buffer.allocUnsafeSlow(bytes);
  aligned.add(memory);
  return Buffer.from(memory);
}

/** Whether these bytes begin a buffer of `pageAlignedBuffer`. */
export const isPageAligned = ({ buffer, byteOffset }: Uint8Array): boolean => byteOffset === 0 && aligned.has(buffer);
