import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A text, or bytes, as they could stand in stored bytes: plain, UTF-16, hex, and base64 at each of its three offsets. */
export function forms(what: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(what);
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters mix with their neighbours.
    return encoded.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  return [
    bytes,
    ...(typeof what === 'string' ? [Buffer.from(what, 'utf16le')] : []),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...base64.map((part) => Buffer.from(part)),
    ...base64.map((part) => Buffer.from(part.replaceAll('+', '-').replaceAll('/', '_'))),
  ];
}

/** Where below `root` any of these texts stands, in any usual encoding, in a name or in a content. */
export async function searchBytes(root: string, texts: readonly string[]): Promise<{ found: string[]; bytes: number }> {
  const needles = texts.flatMap((text) => forms(text).map((form) => ({ text, form })));
  const found: string[] = [];
  let bytes = 0;
  for (const name of await readdir(root, { recursive: true })) {
    const path = join(root, name);
    for (const text of texts) if (name.includes(text)) found.push(`${text} in the name ${name}`);
    if (!(await stat(path)).isFile()) continue;
    const content = await readFile(path);
    bytes += content.length;
    for (const { text, form } of needles) if (content.includes(form)) found.push(`${text} in ${name}`);
  }
  return { found: [...new Set(found)], bytes };
}
