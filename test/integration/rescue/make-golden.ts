import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { rootNode } from '../../../src/common/ids.ts';
import { repository } from '../../helpers/run.ts';
import { removeTempFolders } from '../../helpers/temp.ts';
import { exactTree, rescue, rescueWorld } from './rescue-world.ts';
import { vaultAuthor } from './vault-author.ts';

/**
 * Makes a golden data folder: `npx node test/integration/rescue/make-golden.ts NAME`. One is made for each format that was
 * ever released, and never made anew: what is in it has to be rescued for all time.
 */
const name = process.argv[2];
if (name === undefined || !/^[a-z0-9-]+$/.test(name)) throw new Error('give a name, as format-1');
const target = join(repository, 'test/vectors/golden-server', name);
mkdirSync(target, { recursive: false });

const world = await rescueWorld();
let second = 0;
const clock = (): number => 1_767_225_600_000_000 + second++ * 1_000_000;

const documents = await world.vault('Documents');
const other = await world.join('Second device');
const a = await vaultAuthor(world.session, documents, clock);
const letters = await a.folder('Letters', rootNode);
const empty = await a.folder('Empty folder', letters);
const letter = await a.file('To whom it may concern.txt', letters, ['first words']);
await a.file('nothing', rootNode, []);
await a.file('run.sh', rootNode, ['#!/bin/sh\necho golden\n'], { exec: true, mtimeUs: -123_456_789 });
await a.file('über 名前 e\u0301.md', empty, ['# Unicode\n']);
await a.file(
  'paged',
  rootNode,
  Array.from({ length: 17 }, (_, i) => `piece ${i}\n`),
);
await a.file('single', rootNode, [Buffer.alloc(70_000, 'more than a pack holds ')]);
const gone = await a.file('gone.txt', letters, ['deleted later']);
await a.revise(letter, ['second words'], { mtimeUs: 1_767_000_000_123_456 });
const moved = await a.folder('Moved', rootNode);
await a.append([
  { type: 'place', node: letter, parent: moved, name: 'Letter.txt' },
  { type: 'delete', node: gone },
]);
await other.revoke();
await world.session.refresh();
// The next entry begins epoch 2, since a device was revoked.
await a.revise(letter, ['third words'], { mtimeUs: 1_767_100_000_000_001 });
await a.append([{ type: 'vault', name: 'Papers' }]);

const photos = await vaultAuthor(world.session, await world.vault('Photos'), clock);
await photos.file('one.jpg', rootNode, [Buffer.from([0xff, 0xd8, 0xff, 0xd9])]);

const { words, email, server } = world;
const live = server.dataDir;
await world.close();
const data = join(target, 'data');
for (const part of ['format', 'objects/packs', 'objects/single'])
  cpSync(join(live, part), join(data, part), { recursive: true });
const db = new Database(join(live, 'meta.db'));
db.exec('DELETE FROM sessions');
db.prepare('VACUUM INTO ?').run(join(data, 'meta.db'));
db.close();
const { out, report } = await rescue(data, words, { withDeleted: true, withVersions: true });
const expected = { words, email, tree: exactTree(out), files: report.files, problems: report.problems };
writeFileSync(join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
writeFileSync(join(target, '..', '.gitattributes'), '* -text\n');
rmSync(join(data, 'objects/new'), { recursive: true, force: true });
process.stdout.write(readFileSync(join(target, 'expected.json'), 'utf8'));
await removeTempFolders();
