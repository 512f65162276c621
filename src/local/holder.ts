import { isAbsence } from '../common/errno.ts';
import { isId } from '../common/ids.ts';
import { ownFolder } from '../common/name.ts';
import type { LocalRoot } from './local-root.ts';
import { newFlags } from './open-flags.ts';
import { ensureFolder, freshName } from './own-folder.ts';
import { writeAll } from './write-all.ts';
import { openNew } from './write-synced.ts';

/**
 * Which running program works in the folder: `.holdfast/holder`. Pairs know their folder by the marker; this is for two programs that
 * both are the pair, because the home of one is a copy of the other's. Each would take the other's moves and copies for a
 * person's, and answer them without end. As with the marker, who came last goes on. Kept by nothing that stays open: the disk could
 * not be taken off then.
 */
export interface Holder {
  /** Once: who lost it to another one waits until that one ends. On a disk that is away, as soon as it is there. */
  take(): void;
  /** Another one took it since `take`. Where nothing was taken, or nothing can be read, nobody did. */
  isAnother(): boolean;
  leave(): void;
}

const folder = [ownFolder];
const name = 'holder';

export function makeHolder(root: LocalRoot): Holder {
  let isWanted = false;
  /** What was written. */
  let own: string | null = null;

  const read = (): string | null =>
    root.inFolder(folder, (anchor) => {
      try {
        return root.disk.readTextSync(anchor.at(name));
      } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
      }
    });

  /** Means nothing after a crash, so that it need not be durable. */
  const write = (text: string): void => {
    ensureFolder(root, folder);
    root.inFolder(folder, (anchor) => {
      const handle = openNew(root.disk, anchor.at(name), newFlags);
      try {
        writeAll(root.disk, handle, new TextEncoder().encode(text));
      } finally {
        root.disk.closeSync(handle);
      }
    });
  };

  const claim = (): void =>
    ifPossible(() => {
      const text = own ?? freshName(root.random);
      write(text);
      own = text;
    });

  return {
    take: () => {
      if (isWanted) return;
      isWanted = true;
      claim();
    },
    isAnother: () => {
      if (!isWanted) return false;
      const found = own === null ? null : ifPossible(read);
      if (isId(found)) return found !== own;
      // The other one has ended; or what is there was left by a crash, and could not be written over before.
      if (found === null) claim();
      return false;
    },
    leave: () => {
      ifPossible(() => {
        if (own !== null && read() === own) root.inFolder(folder, (anchor) => root.disk.unlinkSync(anchor.at(name)));
      });
      own = null;
      isWanted = false;
    },
  };
}

/** Undefined where the disk does not let it be: that must not keep anybody from syncing. */
function ifPossible<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
