/** What writes past the system's cache (`O_DIRECT`) ask for; shared by device and server. */

/** Node has it, its types do not. */
declare const WebAssembly: {
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
};

/** Pages of WebAssembly: multiples of those of any system. */
const pageBytes = 64 * 1024;

/** Such a write begins and ends at multiples of this: no disk's blocks are larger. */
export const directUnit = 4096;

/**
 * At least so many bytes that begin where a page of memory does: memory of WebAssembly is the only such that a program gets
 * here. Null where it gets none.
 */
export function pageAlignedMemory(bytes: number): ArrayBuffer | null {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer;
  } catch {
    return null;
  }
}

const refusals: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** What a file system that cannot do it answers, as opposed to a disk that failed. @param code the system's word. */
export const isDirectRefused = (code: unknown): boolean => refusals.has(code);
