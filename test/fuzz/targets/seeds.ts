import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, VectorFile } from '../../vectors/case.ts';

/** Byte strings of the committed vectors of a format, good and bad ones. */
export function vectorSeeds(format: string, field: string, most = 60): Uint8Array[] {
  const path = join(import.meta.dirname, '../../vectors/formats', `${format}.json`);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
  return cases.slice(0, most).map(({ input }) => Uint8Array.from(Buffer.from(input[field] as string, 'hex')));
}

export const vectorInput = (format: string, at = 0): { readonly [key: string]: Json } => {
  const path = join(import.meta.dirname, '../../vectors/formats', `${format}.json`);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
  return cases[at]?.input ?? {};
};

export const textSeeds = (...texts: readonly string[]): Uint8Array[] =>
  texts.map((text) => new Uint8Array(Buffer.from(text)));
