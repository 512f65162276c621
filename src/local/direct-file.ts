import { constants } from 'node:fs';
import { directUnit, isDirectRefused } from '../common/direct-io.ts';
import { diskError } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import { type AlignedBlocks, blockBytes } from './aligned-blocks.ts';
import type { Disk } from './disk.ts';

/** A large file that is written past the system's cache, by way of blocks that are gathered in memory. */
export interface DirectFile {
  /** No byte is written twice. What does not fill a block waits for what does, or for `flush`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Writes what still waits. */
  flush(): Promise<void>;
  /** Gives up what still waits. Safe to repeat. */
  close(): void;
}

interface Gathered {
  readonly bytes: Uint8Array;
  /** What of it is there, as it came. */
  readonly parts: { readonly from: number; readonly to: number }[];
  filled: number;
}

/**
 * The file of `handle`, opened once more. The copy into the system's cache costs more processor time than all else that is
 * done to a large file; this makes nothing durable that was not. Null where the system or the file system has no such
 * thing. `writePlain` writes to the same file in the usual way: what the disk refuses, what finds no block, what fills none.
 */
export function openDirectly(
  disk: Disk,
  handle: number,
  blocks: AlignedBlocks,
  writePlain: (bytes: Uint8Array, position: number) => Promise<void>,
): DirectFile | null {
  // Linux alone has it.
  if (constants.O_DIRECT === undefined) return null;
  let direct: number | null;
  try {
    direct = disk.openSync(`${disk.handles}/${handle}`, constants.O_WRONLY | constants.O_DIRECT);
  } catch {
    return null;
  }
  const gathering = new Map<number, Gathered>();
  let isRefused = false;
  blocks.begin();

  function blockAt(start: number): Gathered | null {
    const known = gathering.get(start);
    if (known !== undefined) return known;
    const bytes = isRefused ? null : blocks.take();
    if (bytes === null) return null;
    const block: Gathered = { bytes, parts: [], filled: 0 };
    gathering.set(start, block);
    return block;
  }

  /** Answers how far it came: after a part of a unit the rest cannot go this way. */
  async function writeDirectly(handle: number, bytes: Uint8Array, start: number): Promise<number> {
    let at = 0;
    try {
      while (at < blockBytes && at % directUnit === 0) {
        const written = await disk.write(handle, bytes, at, blockBytes - at, start + at);
        if (written === 0) throw diskError('disk-full');
        at += written;
      }
    } catch (error) {
      if (!isDirectRefused(errnoOf(error))) throw error;
      isRefused = true;
    }
    return at;
  }

  async function writeBlock(bytes: Uint8Array, start: number): Promise<void> {
    try {
      const at = direct === null || isRefused ? 0 : await writeDirectly(direct, bytes, start);
      if (at < blockBytes) await writePlain(bytes.subarray(at), start + at);
    } finally {
      blocks.giveBack(bytes);
    }
  }

  return {
    write: async (bytes, position) => {
      for (let done = 0; done < bytes.length; ) {
        const at = position + done;
        const from = at % blockBytes;
        const start = at - from;
        const part = bytes.subarray(done, done + blockBytes - from);
        done += part.length;
        const block = blockAt(start);
        if (block === null) {
          await writePlain(part, at);
          continue;
        }
        block.bytes.set(part, from);
        block.parts.push({ from, to: from + part.length });
        block.filled += part.length;
        if (block.filled < blockBytes) continue;
        gathering.delete(start);
        await writeBlock(block.bytes, start);
      }
    },
    flush: async () => {
      for (const [start, { bytes, parts }] of gathering) {
        for (const { from, to } of parts) await writePlain(bytes.subarray(from, to), start + from);
      }
    },
    close: () => {
      if (direct === null) return;
      disk.closeSync(direct);
      direct = null;
      for (const { bytes } of gathering.values()) blocks.giveBack(bytes);
      gathering.clear();
      blocks.end();
    },
  };
}
