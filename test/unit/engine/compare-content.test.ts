import { expect, test } from 'vitest';
import { rootPath } from '../../../src/common/relative-path.ts';
import { compareContent } from '../../../src/engine/settle/compare-content.ts';
import type { OpenFile } from '../../../src/local/file-system.ts';
import type { ChunkRef } from '../../../src/model/manifest.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file with `text`, against the sealed `pieces`; `isUnchanged`: nobody wrote to it meanwhile. */
function compare(text: string, pieces: readonly string[], { isUnchanged = true, row = {} } = {}) {
  const stat = { kind: 'file', size: text.length, mtimeUs: 5, ctimeUs: 5, birthUs: 5, dev: 1, ino: 2 };
  const file = {
    stat,
    read: async (into: Uint8Array, position: number) => {
      const part = bytes(text).subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    isUnchanged: async () => isUnchanged,
    close: async () => undefined,
  } as unknown as OpenFile;
  const chunks = pieces.map((piece) => ({ plainLength: piece.length, piece }) as unknown as ChunkRef);
  const ifSealedFrom = async (chunk: ChunkRef, plain: Uint8Array) =>
    new TextDecoder().decode(plain) === (chunk as unknown as { piece: string }).piece ? plain : null;
  const context = { fs: { openFile: async () => file }, crypto: { ifSealedFrom } };
  return compareContent(context, { ...stat, ...row }, rootPath, chunks);
}

test('a file is equal to a content of the same pieces, and to no other', async () => {
  expect(await compare('onetwo', ['one', 'two'])).toBe('equal');
  expect(await compare('onetoo', ['one', 'two'])).toBe('different');
  expect(await compare('onetwo and more', ['one', 'two'])).toBe('different');
  expect(await compare('', [])).toBe('equal');
});

test('what is written to while it is compared is neither', async () => {
  for (const text of ['onetwo', 'onetoo']) {
    expect(await compare(text, ['one', 'two'], { isUnchanged: false })).toBe('changed');
  }
});

test.each([{ size: 7 }, { mtimeUs: 6 }, { ino: 3 }])(
  'nor is another file than the one that is known: %j',
  async (row) => {
    expect(await compare('onetwo', ['one', 'two'], { row })).toBe('changed');
  },
);
