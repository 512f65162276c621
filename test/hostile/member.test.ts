import { lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecurityCode } from '../../src/common/errors.ts';
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
import { newNode, type VaultAuthor, vaultAuthor } from '../integration/rescue/vault-author.ts';
import type { ClientPair } from './harness/client.ts';
import { openLog } from './harness/open-log.ts';
import { expectNoSecrets } from './harness/run-case.ts';
import { makeScene, plantSentinel, type Scene, writeOwn } from './harness/scene.ts';
import { type HostileWorld, hostileWorld, type Victim, victims } from './harness/world.ts';

/** What a device of the account itself signs, in league with the server or taken over: no signature helps against that. */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

interface MemberCase {
  readonly write: (author: VaultAuthor, scene: Scene) => Promise<void>;
  /** Security classes of the issues that each victim has afterwards. */
  readonly told?: readonly SecurityCode[];
  readonly also?: (pair: ClientPair, victim: Victim) => void | Promise<void>;
  readonly before?: (pair: ClientPair) => void;
}

/** Runs it against all three victims: nothing is frozen, nothing outside is touched, and the rest syncs. */
async function runCase({ write, told = [], also, before }: MemberCase): Promise<void> {
  const scene = await makeScene(world);
  const sentinel = await plantSentinel();
  const outside = sentinel.state();
  const author = await vaultAuthor(world.author.session, scene.vault);
  await write(author, scene);
  await author.file('after it.txt', rootNode, ['and all goes on']);
  for (const victim of victims) {
    const client = world.victims[victim];
    if (victim === 'restarted') await client.restart();
    const pair = victim === 'fresh' ? await client.pair(scene.name) : scene.known[victim];
    const beside = readdirSync(join(pair.files.root, '..')).sort();
    const own = writeOwn(pair.files, victim);
    before?.(pair);
    const { error } = await pair.sync();
    expect(error, victim).toBeNull();
    const issues = await pair.issues();
    expect(pair.status().state, `${victim}: ${JSON.stringify(issues)}`).not.toBe('frozen');
    expect(pair.files.tree()['after it.txt'], victim).toBe('and all goes on');
    expect(pair.files.read(own)).toBe(`mine, says ${victim}`);
    for (const [path, content] of Object.entries(scene.truth)) expect(pair.files.tree()[path], path).toBe(content);
    expect([...new Set(issues.flatMap(({ security }) => security ?? []))].sort(), victim).toEqual(told);
    await also?.(pair, victim);
    expect(readdirSync(join(pair.files.root, '..')).sort(), 'beside the folder').toEqual(beside);
  }
  expect(sentinel.state(), 'the tree outside').toEqual(outside);
  expectNoSecrets(world);
}

const namesIn = (pair: ClientPair): string[] => Object.keys(pair.files.tree());

describe('P1: names that lead elsewhere', () => {
  const bad = [
    '..',
    '.',
    '',
    'a/b',
    '../../x',
    '/etc/x',
    'nul\0byte',
    '.holdfast',
    '.Holdfast',
    '．holdfast',
    'x'.repeat(1021),
  ];

  it('have no effect for anyone, are told as E_PATH, and are left out', () =>
    runCase({
      write: async (author, scene) => {
        const folder = await author.folder('good folder', rootNode);
        for (const name of bad) await author.append([{ type: 'create-folder', node: newNode(), parent: folder, name }]);
        const node = newNode();
        const { manifest, objects } = author.content(node, ['evil']);
        await author.append([{ type: 'create-file', node, parent: rootNode, name: '../evil.txt', manifest }], objects);
        await author.append([{ type: 'place', node: folder, parent: rootNode, name: '..' }]);
        expect(scene.vault).not.toBe('');
      },
      told: ['E_PATH'],
      also: async (pair) => {
        expect(namesIn(pair)).toContain('good folder/');
        expect(namesIn(pair).filter((path) => path.startsWith('good folder/') && path !== 'good folder/')).toEqual([]);
        expect(namesIn(pair).filter((path) => path.includes('evil'))).toEqual([]);
        const told = (await pair.issues()).filter(({ security }) => security === 'E_PATH');
        expect(told.length).toBe(bad.length + 2);
        for (const issue of told) expect(issue.message).not.toMatch(/\p{Cc}/u);
        const handle = await pair.host().open();
        for (const { id } of told) await handle.resolve(id, 'dismiss');
        expect((await pair.issues()).filter(({ security }) => security === 'E_PATH')).toEqual([]);
      },
    }));

  it('only of a drive, a share or a device of another system: files like any other here', () => {
    const names = ['a\\b', 'C:x', '\\\\?\\x', '\\\\srv\\s', 'CON', 'com1.txt', 'x'.repeat(255)];
    return runCase({
      write: async (author) => {
        for (const name of names) await author.file(name, rootNode, ['odd, not evil']);
      },
      also: (pair) => {
        for (const name of names) expect(pair.files.read(name), name).toBe('odd, not evil');
      },
    });
  });

  it('too long for this disk: left where they are, and said', () =>
    runCase({
      write: async (author) => {
        await author.file('y'.repeat(300), rootNode, ['long']);
      },
    }));
});

describe('P2: links', () => {
  it('a folder that became a link meanwhile is not written through', () =>
    runCase({
      before: (pair) => {
        const elsewhere = join(pair.files.root, '..', '..', `elsewhere of ${pair.vault}`);
        mkdirSync(elsewhere, { recursive: true });
        symlinkSync(elsewhere, pair.files.at('trap'));
      },
      write: async (author) => {
        const trap = await author.folder('trap', rootNode);
        await author.file('through.txt', trap, ['through a link']);
      },
      also: (pair) => {
        const elsewhere = join(pair.files.root, '..', '..', `elsewhere of ${pair.vault}`);
        expect(readdirSync(elsewhere)).toEqual([]);
        expect(lstatSync(pair.files.at('trap')).isSymbolicLink()).toBe(true);
      },
    }));
});

describe('P3: names that collide', () => {
  it('in case, form, dots and our own: both are there, under names of their own', () => {
    const names = ['Twin', 'twin', 'é', 'e\u0301x', 'dot.', 'dot', 'foo~1', 'a:b', 'x\u200d', 'x', '.bashrc'];
    return runCase({
      write: async (author) => {
        for (const name of [...names, 'desktop.ini']) await author.file(name, rootNode, [`of ${name}`]);
        // The same name in another form: void for everyone.
        await author.file('e\u0301', rootNode, ['a twin in NFD']);
      },
      also: (pair) => {
        const contents = Object.values(pair.files.tree());
        for (const name of names) expect(contents, name).toContain(`of ${name}`);
        expect(contents).not.toContain('a twin in NFD');
        // Our own state is not reached by a name, and what the rules leave out by default comes from nobody.
        expect(contents).not.toContain('of desktop.ini');
      },
    });
  });
});

describe('P4: bits that give rights', () => {
  it('an executable file gets its bit and nothing more', () =>
    runCase({
      write: async (author) => {
        await author.file('tool', rootNode, ['#!/bin/sh'], { exec: true });
        await author.file('far future', rootNode, ['t'], { mtimeUs: 8_000_000_000_000_000 });
        await author.file('long ago', rootNode, ['t'], { mtimeUs: -8_000_000_000_000_000 });
      },
      also: (pair) => {
        expect(statSync(pair.files.at('tool')).mode & 0o7777 & ~0o777).toBe(0);
        expect(statSync(pair.files.at('tool')).mode & 0o100).toBe(0o100);
        expect(statSync(pair.files.at('keep.txt')).mode & 0o111).toBe(0);
      },
    }));
});

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
    runCase({
      write: lying((manifest) => ({ ...manifest, size: Number.MAX_SAFE_INTEGER })),
      also: (pair) => expect(pair.files.has('bomb')).toBe(false),
    }));

  it('a hundred long folders within each other: what this disk cannot hold waits, and is said', () =>
    runCase({
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
    runCase({
      write: (author) =>
        author.append(
          Array.from({ length: 4000 }, (): Operation => ({ type: 'delete', node: newId<NodeId>(systemRandom) })),
        ),
    }));
});

describe('S4: a tree that a member ties into a knot', () => {
  it('a folder in itself, in its own child, a file as a folder, a deleted parent: void for everyone', () =>
    runCase({
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
