import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RescueProgress } from '../../../src/app/rescue/report.ts';
import { must } from '../../../src/common/errors.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { answerLogin } from '../../../src/vault/login-proof.ts';
import { passwordProof } from '../../../src/vault/unlock.ts';
import { searchBytes } from '../../demo/search-bytes.ts';
import { expectStopAsync } from '../../helpers/security.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { exactTree, plantedPassword, type RescueWorld, rescue, rescueWorld, snapshot } from './rescue-world.ts';

let world: RescueWorld;
beforeAll(async () => {
  world = await rescueWorld();
});
afterAll(() => world.close());

describe('rescue from a copy of the server and the recovery words alone', () => {
  it('brings back each vault as it was: names, bytes, times to the microsecond, exec bits, empty folders', async () => {
    const device = await world.device(await world.vault('Documents'));
    const { files } = device;
    files.mkdir('empty/inside');
    files.write('empty file', '');
    files.write('a/b/c.txt', 'text');
    files.write('run.sh', '#!/bin/sh\n');
    files.exec('run.sh', true);
    files.write('ünïcode \u0065\u0301 名.txt', 'x');
    files.write('trailing dot.', 'y');
    files.write('old', 'from before 1970');
    utimesSync(files.at('old'), '-1234.567891', '-1234.567891');
    utimesSync(files.at('a/b/c.txt'), '1234567890.123457', '1234567890.123457');
    files.write('1 MiB', Buffer.alloc(1024 * 1024, 1));
    files.write('pages', Buffer.alloc(18 * 1024 * 1024 + 5, 'pages'));
    await device.sync();
    const second = await world.device(await world.vault('Photos: 1/2'.replace('/', '-')));
    second.files.write('only one', '1');
    await second.sync();

    const copy = await world.copy();
    const before = snapshot(copy);
    const seen: RescueProgress[] = [];
    const { out, report } = await rescue(copy, world.words, { onProgress: (progress) => seen.push(progress) });
    expect(exactTree(join(out, 'Documents'))).toEqual(exactTree(device.files.root));
    expect(exactTree(join(out, 'Photos: 1-2'))).toEqual(exactTree(second.files.root));
    const timeOf = (path: string) =>
      Math.round(Number(statSync(join(out, 'Documents', path), { bigint: true }).mtimeNs) / 1000);
    expect([timeOf('old'), timeOf('a/b/c.txt')]).toEqual([-1_234_567_891, 1_234_567_890_123_457]);
    expect(report.problems).toEqual([]);
    expect(report.renamed).toEqual([]);
    expect(report.vaults.map(({ folder, files: count, folders }) => [folder, count, folders])).toEqual([
      ['Documents', 8, 4],
      ['Photos: 1-2', 1, 0],
    ]);
    expect(report).toMatchObject({ email: world.email, files: 9, problemCount: 0 });
    expect(snapshot(copy), 'the copy is only read').toEqual(before);
    expect(Object.keys(exactTree(out)).filter((path) => path.startsWith('.'))).toEqual([]);
    const documents = seen.filter((progress) => progress.phase === 'files' && progress.vault === 'Documents');
    expect(documents.at(-1)).toMatchObject({ files: 8, ofFiles: 8 });
    const last = documents.at(-1);
    if (last?.phase === 'files') expect(last.bytes).toBe(last.ofBytes);
  });

  it('reads a copy without the write-ahead log as of the last checkpoint of it, and the whole once it is there', async () => {
    const own = await rescueWorld();
    const device = await own.device(await own.vault('V'));
    device.files.write('f', 'one');
    await device.sync();
    const withLog = await own.copy();
    expect((await rescue(withLog, own.words)).report.files).toBe(1);
    rmSync(join(withLog, 'meta.db-wal'));
    // Nothing was checkpointed yet: there is no account in the database alone, and no half-read one either.
    await expect(rescue(withLog, own.words)).rejects.toMatchObject({ kind: expect.stringMatching(/corrupt|refused/) });
    const { dataDir } = own.server;
    await own.close();
    const { report, out } = await rescue(dataDir, own.words);
    expect(report.problems).toEqual([]);
    expect(exactTree(join(out, 'V'))).toEqual(exactTree(device.files.root));
  });

  it('reads through edits, moves, deletes, several devices, and a device that was revoked', async () => {
    const vault = await world.vault('Shared');
    const other = await world.join('Second device');
    const a = await world.device(vault);
    const b = await world.device(vault, other.session);
    a.files.write('d/one', '1');
    a.files.write('d/two', '22');
    await a.sync();
    await b.sync();
    b.files.mv('d', 'moved');
    b.files.write('moved/one', 'edited by b');
    b.files.rm('moved/two');
    await b.sync();
    await a.sync();
    await b.close();
    await other.revoke();
    await world.session.refresh();
    a.files.write('after', 'the key was changed');
    await a.sync();
    const { out, report } = await rescue(await world.copy(), world.words);
    expect(report.problems).toEqual([]);
    expect(exactTree(join(out, 'Shared'))).toEqual(exactTree(a.files.root));
  });

  it('adds deleted files and old versions where asked to, each under its last path', async () => {
    const device = await world.device(await world.vault('History'));
    const { files } = device;
    for (const content of ['first', 'second!', 'third, now']) {
      files.write('d/report.txt', content);
      await device.sync();
    }
    files.write('gone/deep/f.txt', 'deleted');
    files.write('.deleted/mine', 'a folder of that name');
    await device.sync();
    files.rm('gone');
    await device.sync();
    const copy = await world.copy();
    const plain = await rescue(copy, world.words);
    const { out, report } = await rescue(copy, world.words, { withDeleted: true, withVersions: true });
    const tree = exactTree(join(out, 'History'));
    expect(Object.keys(tree).sort()).toEqual([
      '.deleted',
      '.deleted (2)',
      '.deleted (2)/gone',
      '.deleted (2)/gone/deep',
      '.deleted (2)/gone/deep/f.txt',
      '.deleted/mine',
      '.versions',
      '.versions/d',
      ...Object.keys(tree).filter((path) =>
        /^\.versions\/d\/report \(\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d UTC\)( \(2\))?\.txt$/.test(path),
      ),
      'd',
      'd/report.txt',
    ]);
    expect(Object.keys(tree).filter((path) => path.startsWith('.versions/d/'))).toHaveLength(2);
    expect(report.vaults.find(({ name }) => name === 'History')).toMatchObject({ files: 2, deleted: 1, versions: 2 });
    expect(exactTree(join(plain.out, 'History'))).toEqual(exactTree(files.root));
  });
});

describe('what rescue refuses', () => {
  it('words that open no account here, and says so; words that are none', async () => {
    const copy = await world.copy();
    const other = await rescueWorld();
    try {
      const out = join(await tempFolder('rescued'), 'out');
      const stopped = await rescue(copy, other.words, { outDir: out }).catch((error: unknown) => error);
      expect(stopped).toMatchObject({ kind: 'refused', reason: 'no-account' });
      expect(() => mkdirSync(out), 'the output folder is gone again').not.toThrow();
    } finally {
      await other.close();
    }
    await expect(rescue(copy, 'these are no words')).rejects.toMatchObject({ kind: 'usage' });
  });

  it('data of a newer format, or of none, untouched', async () => {
    const copy = await world.copy();
    writeFileSync(join(copy, 'format'), 'holdfast-server 2\n');
    const before = snapshot(copy);
    await expectStopAsync(() => rescue(copy, world.words), 'version');
    expect(snapshot(copy)).toEqual(before);
    await expect(rescue(await tempFolder('nothing'), world.words)).rejects.toMatchObject({ kind: 'usage' });
  });

  it('an output folder with something in it, or inside of the data', async () => {
    const copy = await world.copy();
    const before = snapshot(copy);
    const full = await tempFolder('full');
    writeFileSync(join(full, 'mine'), '1');
    await expect(rescue(copy, world.words, { outDir: full })).rejects.toMatchObject({ kind: 'usage' });
    await expect(rescue(copy, world.words, { outDir: join(copy, 'out') })).rejects.toMatchObject({ kind: 'usage' });
    await expect(rescue(copy, world.words, { outDir: copy })).rejects.toMatchObject({ kind: 'usage' });
    expect(snapshot(copy)).toEqual(before);
    expect(Object.keys(exactTree(full))).toEqual(['mine']);
  });

  it('another account: of several on one server it opens the one of the words, and no other', async () => {
    const other = await rescueWorld(world.server);
    try {
      const device = await other.device(await other.vault('Of another person'));
      device.files.write('private', 'p');
      await device.sync();
      const copy = await world.copy();
      const { report } = await rescue(copy, other.words);
      expect(report).toMatchObject({ email: other.email, files: 1 });
      expect((await rescue(copy, world.words)).report.vaults.map(({ name }) => name)).not.toContain(
        'Of another person',
      );
    } finally {
      await other.close();
    }
  });

  it('a vault that was deleted, once it is collected; it brings back the others and names that one', async () => {
    const own = await rescueWorld();
    try {
      const [gone, kept] = [await own.vault('Gone'), await own.vault('Kept')];
      for (const vault of [gone, kept]) {
        const device = await own.device(vault);
        device.files.write('large', Buffer.alloc(200_000, 1));
        device.files.write('small', 's');
        await device.sync();
        await device.close();
      }
      const { session } = own;
      const proof = must(await passwordProof(session.stored().record, plantedPassword));
      const place = {
        account: session.stored().account,
        origin: session.storage.origin,
        serverNonce: await session.storage.challenge(),
        devicePublic: session.device.signing.publicKey,
      };
      const { token } = await session.storage.login(answerLogin(proof, place, systemRandom));
      await own.server.connect({ token: () => token }).deleteVault(gone);
      const before = await rescue(await own.copy(), own.words);
      expect(before.report.vaults.map(({ name, files }) => [name, files])).toEqual([
        ['Gone', 2],
        ['Kept', 2],
      ]);
      await own.server.collect();
      const after = await rescue(await own.copy(), own.words);
      expect(after.report.vaults.map(({ name, files }) => [name, files])).toEqual([['Kept', 2]]);
      expect(after.report.problems).toEqual([
        { kind: 'log', message: expect.stringContaining(`${gone} of the account is not in this copy: it was deleted`) },
      ]);
    } finally {
      await own.close();
    }
  });

  it('to say a secret: neither data nor report holds words or password', async () => {
    const copy = await world.copy();
    const { report } = await rescue(copy, world.words);
    const planted = [world.words, plantedPassword];
    expect((await searchBytes(copy, planted)).found).toEqual([]);
    for (const secret of planted) expect(JSON.stringify(report)).not.toContain(secret);
  });
});
