import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type NodeId, newId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import type { IndexReader } from '../../../src/db/index-port.ts';
import { localChunks } from '../../../src/engine/down/local-chunks.ts';
import type { OpenFile } from '../../../src/local/file-system.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

const random = seededRandom('local-chunks');
const node = newId<NodeId>(random);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = ['hello, ', 'whole ', 'world'];

/** What the file on this disk says of the chunks of the new revision, if its bytes are `onDisk`. */
async function found(onDisk: string | HoldfastError, wanted = [2, 1, 0]) {
  const { context } = vaultContextWorld('local-chunks').device(0);
  await context.pull();
  const { crypto } = context.content;
  const refs = await Promise.all(
    texts.map(async (text) => {
      const { objectId, secret, hash } = await crypto.sealChunk(bytes(text));
      return { objectId, secret, hash, plainLength: text.length };
    }),
  );
  let [opened, closed] = [0, 0];
  const file = {
    read: async (into: Uint8Array, position: number) => {
      const part = bytes(String(onDisk)).subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    close: async () => {
      closed++;
    },
  } as Partial<OpenFile> as OpenFile;
  const read = {
    synced: () => ({ revision: newId<RevisionId>(random) }),
    local: () => ({ parent: rootNode, name: 'f' }),
    // The last one is new: the synced revision does not have it.
    chunksOfRevision: () => refs.slice(0, 2),
  } as unknown as IndexReader;
  const fs = {
    openFile: async () => {
      opened++;
      if (onDisk instanceof HoldfastError) throw onDisk;
      return file;
    },
  };
  const local = await localChunks(
    { fs, crypto, read },
    node,
    wanted.flatMap((at) => refs[at] ?? []),
  );
  const plain: (string | null)[] = [];
  for (const at of wanted) {
    const chunk = refs[at];
    const got = chunk === undefined ? null : ((await local?.read(chunk)) ?? null);
    plain.push(got === null ? null : new TextDecoder().decode(got.plain));
    if (got !== null) expect(got.row).toBe(chunk);
  }
  await local?.close();
  return { plain, opened, closed };
}

describe('what a local file has of a new revision', () => {
  it('is read from there, at whatever place it had; what is new is not', async () => {
    expect(await found('hello, whole ...')).toEqual({ plain: [null, 'whole ', 'hello, '], opened: 1, closed: 1 });
  });

  it('is not believed if it is not exactly what was sealed', async () => {
    const { plain } = await found('hello, wh0le ...');
    expect(plain).toEqual([null, null, 'hello, ']);
  });

  it('ends where the file ends', async () => {
    const { plain } = await found('hello, who');
    expect(plain).toEqual([null, null, 'hello, ']);
  });

  it('is nothing if the disk does not give the file', async () => {
    const { plain, closed } = await found(new HoldfastError('io', 'gone'));
    expect(plain).toEqual([null, null, null]);
    expect(closed).toBe(0);
  });

  it('is not looked for on the disk if the former revision has none of it, or the new one is a single piece', async () => {
    expect((await found('hello, whole ...', [2, 2])).opened).toBe(0);
    expect((await found('hello, whole ...', [1])).opened).toBe(0);
  });
});
