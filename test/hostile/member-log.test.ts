import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NodeId, newId, type RevisionId, rootNode } from '../../src/common/ids.ts';
import { sealBox } from '../../src/crypto/box.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import { encodeEntryHeader, hashEntry, parseEntryHeader, signEntry } from '../../src/crypto/entry-header.ts';
import { padme } from '../../src/crypto/padme.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { signingKey } from '../../src/crypto/sign.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import type { Operation } from '../../src/model/operation.ts';
import { epochKeysOf } from '../../src/vault/key-ring.ts';
import { entryContext } from '../../src/vault/replay.ts';
import { newNode, type VaultAuthor } from '../integration/rescue/vault-author.ts';
import { runMemberCase } from './harness/member-case.ts';
import { openLog } from './harness/open-log.ts';
import { makeScene, type Scene, writeOwn } from './harness/scene.ts';
import { type HostileWorld, hostileWorld, victims } from './harness/world.ts';

/** What a device of the account itself signs, in league with the server or taken over: no signature helps against that. */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

describe('P5: bombs that a member signs', () => {
  const lying = (change: (manifest: Manifest) => Manifest) => async (author: VaultAuthor) => {
    const node = newNode();
    const { manifest, objects } = author.content(node, ['small']);
    const operation: Operation = {
      type: 'create-file',
      node,
      parent: rootNode,
      name: 'bomb',
      manifest: change(manifest),
    };
    await author.append([operation], objects);
  };

  it('a manifest of 2^53 - 1 bytes: no file, and no memory for it', () =>
    runMemberCase(world, {
      write: lying((manifest) => ({ ...manifest, size: Number.MAX_SAFE_INTEGER })),
      also: (pair) => expect(pair.files.has('bomb')).toBe(false),
    }));

  it('a hundred long folders within each other: what this disk cannot hold waits, and is said', () =>
    runMemberCase(world, {
      write: async (author) => {
        const operations: Operation[] = [];
        let parent: NodeId = rootNode;
        for (let depth = 0; depth < 100; depth++) {
          const node = newNode();
          operations.push({ type: 'create-folder', node, parent, name: 'd'.repeat(200) });
          parent = node;
        }
        await author.append(operations);
      },
    }));

  it('four thousand operations without an effect in one entry', () =>
    runMemberCase(world, {
      write: (author) =>
        author.append(
          Array.from({ length: 4000 }, (): Operation => ({ type: 'delete', node: newId<NodeId>(systemRandom) })),
        ),
    }));
});

describe('S4: a tree that a member ties into a knot', () => {
  it('a folder in itself, in its own child, a file as a folder, a deleted parent: void for everyone', () =>
    runMemberCase(world, {
      write: async (author) => {
        const outer = await author.folder('outer', rootNode);
        const inner = await author.folder('inner', outer);
        const file = await author.file('file.txt', inner, ['in it']);
        await author.append([
          { type: 'place', node: outer, parent: inner, name: 'outer' },
          { type: 'place', node: outer, parent: outer, name: 'outer' },
          { type: 'place', node: rootNode, parent: outer, name: 'root' },
          { type: 'place', node: inner, parent: file, name: 'inner' },
          { type: 'delete', node: rootNode },
          { type: 'release', revisions: [newId<RevisionId>(systemRandom)] },
        ]);
      },
      also: (pair) => expect(pair.files.read('outer/inner/file.txt')).toBe('in it'),
    }));
});

describe('F-OP-2: what a newer device says', () => {
  /** An entry that is sound to its last byte, with these operations. */
  const sealRaw = async (scene: Scene, operations: unknown[]): Promise<void> => {
    const { session } = world.author;
    const { entries, position, ring } = await openLog(session, scene.vault);
    const last = entries.at(-1);
    if (last === undefined) throw new Error('no entry');
    const former = parseEntryHeader(last.header);
    const place = {
      vault: scene.vault,
      epoch: 1,
      seq: position.seq + 1,
      prevHash: hashEntry(last.header),
      device: former.device,
    };
    const encoded = encodeCbor(['operations', 1, 0, operations] as never);
    const blocks = 256 * Math.ceil((encoded.length + 1) / 256);
    const padded = new Uint8Array(padme(blocks));
    padded.set(encoded);
    padded[encoded.length] = 0x80;
    const key = epochKeysOf(ring, 1).log;
    const ciphertext = sealBox('entry', key, entryContext(place), padded, systemRandom);
    const header = encodeEntryHeader({
      ...former,
      ...place,
      deviceSeq: (position.deviceSeqs[former.device] ?? 0) + 1,
      ciphertextHash: sha256(ciphertext),
      retainedHash: sha256(new Uint8Array(0)),
      releasedHash: sha256(new Uint8Array(0)),
    });
    const signature = signEntry(header, signingKey(session.device.signingSeed));
    const outcome = await session.storage.appendEntry(scene.vault, {
      header,
      signature,
      ciphertext,
      retained: [],
      released: [],
    });
    expect(outcome.status).toBe('done');
  };

  it.each<[string, unknown[], object]>([
    [
      'P2: an operation that makes a link',
      [[24, new Uint8Array(16).fill(1), 'link', '/etc/passwd']],
      { state: 'needs-attention' },
    ],
    ['P6: text that is no UTF-8', [[8, new Uint8Array([0xff])]], { state: 'frozen' }],
    ['P6: an operation of another shape', [[1, new Uint8Array(15), new Uint8Array(16), 'x']], { state: 'frozen' }],
  ])('%s: stops there, and nothing of it is done', async (_, operations, status) => {
    const scene = await makeScene(world);
    await sealRaw(scene, operations);
    for (const victim of victims) {
      if (victim === 'restarted') await world.victims.restarted.restart();
      const pair = victim === 'fresh' ? await world.victims.fresh.pair(scene.name) : scene.known[victim];
      const own = writeOwn(pair.files, victim);
      const had = pair.files.tree();
      await pair.sync();
      expect(pair.status(), victim).toMatchObject(status);
      // It may stand where it stood; what it has is authentic, and its own is there.
      expect(pair.files.tree(), victim).toEqual(had);
      expect(pair.files.has(own)).toBe(true);
    }
  });
});
