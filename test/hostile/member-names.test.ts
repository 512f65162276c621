import { lstatSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootNode } from '../../src/common/ids.ts';
import { newNode } from '../integration/rescue/vault-author.ts';
import type { ClientPair } from './harness/client.ts';
import { runMemberCase } from './harness/member-case.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

/** What a device of the account itself signs, in league with the server or taken over: no signature helps against that. */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => world.close());

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
    runMemberCase(world, {
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
    return runMemberCase(world, {
      write: async (author) => {
        for (const name of names) await author.file(name, rootNode, ['odd, not evil']);
      },
      also: (pair) => {
        for (const name of names) expect(pair.files.read(name), name).toBe('odd, not evil');
      },
    });
  });

  it('too long for this disk: left where they are, and said', () =>
    runMemberCase(world, {
      write: async (author) => {
        await author.file('y'.repeat(300), rootNode, ['long']);
      },
    }));
});

describe('P2: links', () => {
  it('a folder that became a link meanwhile is not written through', () =>
    runMemberCase(world, {
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
    return runMemberCase(world, {
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
    runMemberCase(world, {
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
