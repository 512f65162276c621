import { basename } from 'node:path';
import { z } from 'zod';
import { HoldfastError } from '../../common/errors.ts';
import { fromBase64url, toBase64url } from '../../wire/base64url.ts';
import { readTextFile, writeFileAtomically } from './atomic-file.ts';

/** A JSON file of the home with a format number; `schema` describes all but the number. Bytes in it are `storedBytes`. */
export interface StateFile<T> {
  /** Null if the file is not there. Throws `version` if a newer app wrote it, `corrupt` if it cannot be read. */
  read(): T | null;
  write(value: T): void;
}

const header = z.looseObject({ format: z.int().min(1) });

/** Bytes, in the file as base64url. */
export const storedBytes = z.string().transform((text, context): Uint8Array => {
  const found = fromBase64url(text);
  if (found !== null) return found;
  context.addIssue('not base64url');
  return z.NEVER;
});

const bytesAsText = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? toBase64url(value) : value;

export function stateFile<T extends object>(path: string, format: number, schema: z.ZodType<T>): StateFile<T> {
  const name = basename(path);
  return {
    read: () => {
      const text = readTextFile(path);
      if (text === null) return null;
      const json = parseJson(text, name);
      const head = header.safeParse(json);
      if (!head.success) throw unreadable(name);
      const { format: found, ...rest } = head.data;
      if (found > format) {
        const message = `“${name}” was written by a newer version of Holdfast. Update this one; nothing was changed.`;
        throw new HoldfastError('version', message, { reason: 'newer-format' });
      }
      const value = schema.safeParse(rest);
      if (!value.success) throw unreadable(name);
      return value.data;
    },
    write: (value) => writeFileAtomically(path, `${JSON.stringify({ format, ...value }, bytesAsText, 2)}\n`),
  };
}

const unreadable = (name: string) =>
  new HoldfastError('corrupt', `“${name}” in the Holdfast home is damaged and cannot be read. ${whenDamaged}`, {
    reason: 'damaged-file',
  });

const whenDamaged = 'Put it back from a backup, or move it away and sign in again; your folders are not touched.';

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(name);
  }
}
