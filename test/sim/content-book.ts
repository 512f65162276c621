import type { ObjectId } from '../../src/common/ids.ts';
import { dice } from './random.ts';

/** Begins every content that a person saves: it must never be seen plain outside of the folders. */
export const plantedContent = 'sweet';

/** Longer than a chunk. */
const large = 1_048_576;
const body = dice(1, 'large contents').bytes(65_536);

/** All have one long run of bytes in common, each from another place on: as versions of a file in which something was inserted. */
function largeBytes(head: string, number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const start = 64 + 100 * (number % 7);
  for (let at = start; at < size; at += body.length + 1) {
    bytes.set(body.subarray(0, Math.min(body.length, size - at)), at);
    // No two chunks are the same.
    if (at + body.length < size) bytes[at + body.length] = (at - start) / body.length;
  }
  bytes.set(Buffer.from(head, 'latin1'));
  return bytes;
}

/** The bytes of content `number`: no two numbers have the same. */
export function contentBytes(number: number, size: number): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const head = `${plantedContent} ${number} `;
  if (size > large) return largeBytes(head, number, size);
  const bytes = Buffer.alloc(Math.max(size, head.length), `${number} bottles `, 'latin1');
  bytes.write(head, 'latin1');
  return bytes;
}

/** Equal for equal bytes; shown to people. */
export function contentName(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing';
  const number = contentNumber(bytes);
  if (number === null) return rulesName(bytes) ?? `${bytes.length} strange bytes`;
  const whole = contentBytes(number, bytes.length);
  return Buffer.compare(whole, bytes) === 0 ? `#${number}/${bytes.length}` : `part of #${number}`;
}

/** What leaves out these names, as gitignore has it. No two numbers have the same. */
export const rulesText = (number: number, names: readonly string[]): string =>
  `# rules ${number}\n${names.join('\n')}\n`;

const rulesStart = /^# rules \d+$/;

function rulesName(bytes: Uint8Array): string | null {
  const [first = ''] = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 24))
    .toString('latin1')
    .split('\n');
  return rulesStart.test(first) ? first : null;
}

export const isRules = (name: string): boolean => rulesStart.test(name);

/** Of which content these are the first bytes; null for other ones. */
export function contentNumber(bytes: Uint8Array): number | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 24)).toString('latin1');
  const number = /^sweet (\d+) /.exec(text)?.[1];
  return number === undefined ? null : Number(number);
}

export interface SavedContent {
  readonly name: string;
  readonly number: number;
  /** Device where a person saved it first. */
  readonly device: number;
  /**
   * Path at which every device that has it had it before anybody knew of a vault; null if it came about later, or if a person
   * did something there since: who comes late then makes a copy of it.
   */
  originalPath: string | null;
  /** Devices where a program saved or moved it and synced nothing: a power cut there may take it. */
  readonly shakyAt: Set<number>;
  /** No person overwrote or deleted it anywhere: it has to stay in the trees. */
  isWanted: boolean;
  /** People saved it on several devices. */
  isOnSeveral: boolean;
  /** A person made copies of it, or a power cut left it two names: nobody can say which one is meant to be where. */
  isCopied: boolean;
  /** A person moved it, where a delete may be all that others see of that, or changed its mode, which is a version of its own. */
  isHandled: boolean;
  /** A person moved it to the name of a conflict copy or away from one: such a name says no more where it is from. */
  isRenamedCopy: boolean;
  /** A person destroyed it before anything could know of it. */
  isExempt: boolean;
}

export interface Saving {
  /** Of the content. */
  readonly number: number;
  readonly device: number;
  /** Where it was before anybody knew of a vault. */
  readonly originalPath: string | null;
  readonly isSynced: boolean;
  /** Over the same content, which changes nothing: whoever edits it meanwhile wins. */
  readonly isAgain: boolean;
}

/** Everything that was ever saved, kept by the world: the engine has no part in it. */
export interface ContentBook {
  readonly all: ReadonlyMap<string, SavedContent>;
  save(bytes: Uint8Array, saving: Saving): void;
  /** A person does something at these places. */
  touch(paths: readonly string[]): void;
  sealed(object: ObjectId, plain: Uint8Array): void;
  /** Whether an entry of the log retains it. */
  isInHistory(content: SavedContent, retained: ReadonlySet<ObjectId>): boolean;
}

/** Some disks take them for one, and a vault does. */
export const folded = (path: string): string => path.normalize('NFC').toLowerCase();

export function contentBook(): ContentBook {
  const all = new Map<string, SavedContent>();
  /** By number: the first chunk of a large content has a size of its own. */
  const objects = new Map<number, ObjectId[]>();
  return {
    all,
    save(bytes, { number, device, originalPath, isSynced, isAgain }) {
      if (bytes.length === 0) return;
      const name = contentName(bytes);
      const known = all.get(name) ?? {
        name,
        number,
        device,
        originalPath,
        shakyAt: new Set(),
        isWanted: true,
        isOnSeveral: false,
        isCopied: false,
        isHandled: false,
        isRenamedCopy: false,
        isExempt: false,
      };
      known.isWanted = !isAgain;
      known.isExempt = false;
      const isOriginal = originalPath !== null && known.originalPath === originalPath;
      if (known.device !== device) known.isOnSeveral = true;
      if (known.isOnSeveral && !isOriginal) known.isCopied = true;
      if (isSynced) known.shakyAt.delete(device);
      else known.shakyAt.add(device);
      all.set(name, known);
    },
    touch(paths) {
      const touched = paths.map((path) => `${folded(path)}/`);
      for (const content of all.values()) {
        if (content.originalPath === null) continue;
        const place = `${folded(content.originalPath)}/`;
        if (!touched.some((path) => path.startsWith(place) || place.startsWith(path))) continue;
        content.originalPath = null;
        if (content.isOnSeveral) content.isCopied = true;
      }
    },
    sealed(object, plain) {
      const number = contentNumber(plain);
      if (number === null) return;
      const known = objects.get(number);
      if (known === undefined) objects.set(number, [object]);
      else known.push(object);
    },
    isInHistory: ({ number }, retained) => objects.get(number)?.some((object) => retained.has(object)) ?? false,
  };
}
