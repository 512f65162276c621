/** Node has it, its types do not. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
};

/** Pages of WebAssembly: multiples of those of any system. */
const pageBytes = 64 * 1024;

const aligned = new WeakSet<ArrayBufferLike>();

/**
 * A buffer of whole pages that begins where a page of memory does, as a write past the system's cache wants it: memory of
 * WebAssembly is the only such that a program gets here. An ordinary one where it gets none.
 */
export function pageAlignedBuffer(bytes: number): Buffer {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
    aligned.add(buffer);
    return Buffer.from(buffer);
  } catch {
    return Buffer.allocUnsafeSlow(bytes);
  }
}

/** Whether these bytes begin a buffer of `pageAlignedBuffer`. */
export const isPageAligned = ({ buffer, byteOffset }: Uint8Array): boolean => byteOffset === 0 && aligned.has(buffer);
