import { pageAlignedMemory } from '../common/direct-io.ts';

/** A multiple of what any disk writes at once, and of a page. */
export const blockBytes = 1024 * 1024;
/** As many as the chunks under way touch, wherever in the file they begin. */
const blockCount = 8;

/**
 * Blocks of memory that begin where a page does, as writes past the system's cache want them. They are few, and there only
 * while somebody uses them.
 */
export interface AlignedBlocks {
  /** Between `begin` and `end` there may be blocks to take. */
  begin(): void;
  /** Whoever calls it has given all back. */
  end(): void;
  /** Null if all are taken, or if this process gets no such memory. */
  take(): Uint8Array | null;
  giveBack(block: Uint8Array): void;
}

export function makeAlignedBlocks(): AlignedBlocks {
  let users = 0;
  let free: Uint8Array[] | null = null;

  return {
    begin: () => {
      users++;
    },
    end: () => {
      if (--users === 0) free = null;
    },
    take: () => {
      free ??= makeBlocks();
      return free.pop() ?? null;
    },
    giveBack: (block) => {
      free?.push(block);
    },
  };
}

function makeBlocks(): Uint8Array[] {
  const memory = pageAlignedMemory(blockBytes * blockCount);
  if (memory === null) return [];
  return Array.from({ length: blockCount }, (_, at) => new Uint8Array(memory, at * blockBytes, blockBytes));
}
