/** Longest name that a vault holds, in UTF-8 bytes. A local file system may hold less; see `plan/local-name.ts`. */
const maxNameBytes = 1020;

/** The folder in each root that belongs to Holdfast: marker, stage, trash. Never synced, on any level, in any case. */
export const ownFolder = '.holdfast';

/** Holds a folder's ignore rules; itself synced. */
export const rulesFileName = '.holdfastignore';

export type NameFault = 'empty' | 'dots' | 'separator' | 'nul' | 'unicode' | 'too-long' | 'reserved';

/** Bytes that `text` takes in UTF-8. */
export const utf8ByteLength = (text: string): number => {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
};

/** Most names: nothing of what follows can be wrong with them, and finding that out costs twenty times as much. */
const plain = /^[0-9A-Za-z _-][ -.0-~]{0,254}$/;

/**
 * Why `name` cannot name a node in a vault; null if it can. A name is one component: it is checked before anything is
 * joined, and paths are only ever built from checked names. Bytes are kept as given; two names are the same name if
 * their NFC forms are equal (see {@link nameKey}).
 */
export function nameFault(name: string): NameFault | null {
  if (plain.test(name)) return null;
  if (name.length === 0) return 'empty';
  if (name === '.' || name === '..') return 'dots';
  if (name.includes('/')) return 'separator';
  if (name.includes('\0')) return 'nul';
  if (!name.isWellFormed()) return 'unicode';
  if (utf8ByteLength(name) > maxNameBytes) return 'too-long';
  if (name.normalize('NFKC').toLowerCase() === ownFolder) return 'reserved';
  return null;
}

/** Two siblings may not share this key: canonical composition (Unicode NFC), case kept. */
export const nameKey = (name: string): string => name.normalize('NFC');
