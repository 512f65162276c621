/** Below this a collection finds it soon enough. */
const leastBytes = 16 * 1024;

/**
 * Gives the memory of large bytes back at once: a program whose heap is small collects such buffers only after tens of
 * megabytes of them. Nobody may hold on to any part of them, nor may anything still be on its way from or to them.
 */
export function freeMemory(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes;
  if (byteLength < leastBytes || byteLength !== buffer.byteLength) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
