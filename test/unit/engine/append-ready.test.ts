import { expect, test } from 'vitest';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { newReport } from '../../../src/engine/op-outcome.ts';
import { appendReady } from '../../../src/engine/up/append-ready.ts';
import type { Ready } from '../../../src/engine/up/prepare-contents.ts';
import type { UpContext } from '../../../src/engine/up/up-context.ts';
import type { ChunkRef, Manifest } from '../../../src/model/manifest.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

const random = seededRandom('append');
const ref = (): ChunkRef => ({
  objectId: newId<ObjectId>(random),
  secret: new Uint8Array(32),
  hash: new Uint8Array(32),
  plainLength: 1,
});

/** A new file of so many pieces, all of which the server has. */
function newFile(name: string, pieces: number): Ready {
  const node = newId<NodeId>(random);
  const revision = newId<RevisionId>(random);
  const refs = Array.from({ length: pieces }, ref);
  const content: Manifest['content'] =
    pieces > 16 ? { kind: 'pages', pages: [ref()], chunkCount: pieces } : { kind: 'chunks', chunks: refs };
  const manifest: Manifest = { node, revision, size: pieces, mtimeUs: 1, exec: false, content };
  return {
    planned: { type: 'up-create-file', node, parent: rootNode, name, revision, rule: 'created-here' },
    draft: { operation: { type: 'create-file', node, parent: rootNode, name, manifest }, retained: [], released: [] },
    content: { status: 'uploaded', manifest, refs, hashes: [] },
  };
}

async function append(...ready: Ready[]) {
  const { device, storage, vault } = vaultContextWorld('append, its world');
  const { context, index } = device(0);
  await context.pull();
  const { objects } = storage.vault(vault);
  for (const { content } of ready)
    for (const { objectId } of content?.refs ?? []) objects.set(objectId, new Uint8Array());
  const report = newReport();
  await appendReady({
    context: {
      index,
      log: context.log,
      upload: { store: context.content.store },
      meter: context.up,
      clock: context.local.clock,
      signal: context.signal,
    } as unknown as UpContext,
    report,
    ready,
    planned: new Map(),
    touched: new Set(),
    hasBlocked: false,
  });
  return { report, read: index.read, log: context.log };
}

test('a file of more pieces than an entry can name waits alone, and says so', async () => {
  const small = newFile('small', 0);
  const large = newFile('large', 65_537);
  const { report, read } = await append(large, small);
  expect(read.remoteByName(rootNode, 'small')).not.toBeNull();
  expect(read.remoteByName(rootNode, 'large')).toBeNull();
  expect([...report.blocked]).toEqual([[large.planned.node, expect.objectContaining({ reason: 'file-too-large' })]]);
});

test('what fits no one entry is agreed on with the entry that has it', async () => {
  const files = ['one', 'two', 'three'].map((name) => {
    const file = newFile(name, 0);
    return { ...file, content: file.content && { ...file.content, refs: Array.from({ length: 40_000 }, ref) } };
  });
  const { report, read, log } = await append(...files);
  expect([report.done, log.position.seq]).toEqual([3, 4]);
  for (const { planned } of files) {
    expect(read.synced(planned.node)?.revision).toBe(read.remote(planned.node)?.revision);
    expect(read.synced(planned.node)).not.toBeNull();
  }
});
