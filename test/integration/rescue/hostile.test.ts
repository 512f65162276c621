import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunksOf, type Manifest, parseManifest } from '../../../src/app/rescue/manifest.ts';
import { must } from '../../../src/common/errors.ts';
import { idBytes, type NodeId, newId, type RevisionId, rootNode } from '../../../src/common/ids.ts';
import { decodeCbor } from '../../../src/crypto/cbor.ts';
import { sealChunk } from '../../../src/crypto/chunk.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import type { Operation } from '../../../src/model/operation.ts';
import { encodeManifest } from '../../../src/vault/manifest-codec.ts';
import { packManifest } from '../../../src/vault/manifest-pages.ts';
import { expectStopAsync } from '../../helpers/security.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { type RescueWorld, rescue, rescueWorld } from './rescue-world.ts';
import { newNode, type VaultAuthor, vaultAuthor } from './vault-author.ts';

let world: RescueWorld;
beforeAll(async () => {
  world = await rescueWorld();
});
afterAll(() => world.close());

const authorIn = async (name: string): Promise<VaultAuthor> => vaultAuthor(world.session, await world.vault(name));

describe('contents of every shape', () => {
  it('pages, chunks that repeat, odd lengths, and an empty file', async () => {
    const author = await authorIn('Shapes');
    await author.file(
      '17 chunks',
      rootNode,
      Array.from({ length: 17 }, (_, i) => `piece ${i};`),
    );
    await author.file('one page more', rootNode, ['ab', 'c'], { times: 9 });
    await author.file('odd', rootNode, [Buffer.alloc(4_194_304, 1), Buffer.alloc(4097, 2), 'end']);
    await author.file('empty', rootNode, [], { mtimeUs: -1, exec: true });
    const { out, report } = await rescue(await world.copy(), world.words);
    expect(report.problems).toEqual([]);
    const at = (name: string) => join(out, 'Shapes', name);
    expect(readFileSync(at('17 chunks'), 'utf8')).toBe(Array.from({ length: 17 }, (_, i) => `piece ${i};`).join(''));
    expect(readFileSync(at('one page more'), 'utf8')).toBe('abc'.repeat(9));
    expect(statSync(at('odd')).size).toBe(4_194_304 + 4097 + 3);
    expect(statSync(at('empty')).mode & 0o100).toBe(0o100);
  });

  it('files that say to be of 2^53 - 1 bytes, by the thousand: what can be rescued is', async () => {
    const own = await rescueWorld();
    const author = await vaultAuthor(own.session, await own.vault('Huge'));
    const { manifest, objects } = author.content(newNode(), ['x'], { times: 17 });
    const operations = Array.from({ length: 1100 }, (_, i): Operation => {
      const node = newNode();
      const huge = { ...manifest, node, revision: newId<RevisionId>(systemRandom), size: Number.MAX_SAFE_INTEGER };
      return { type: 'create-file', node, parent: rootNode, name: `huge ${i}`, manifest: huge };
    });
    await author.append(operations, objects);
    await author.file('small', rootNode, ['small']);
    const { out, report } = await rescue(await own.copy(), own.words);
    await own.close();
    expect(report.problemCount).toBe(1100);
    expect(readFileSync(join(out, 'Huge', 'small'), 'utf8')).toBe('small');
  });

  it('pages on two levels list every chunk in order; a page missing, doubled or swapped is found out', async () => {
    const [node, revision] = [newNode(), newId<RevisionId>(systemRandom)];
    const chunk = { ...sealChunk(Buffer.from('x'), systemRandom) };
    const chunks = Array.from({ length: 16 * 4096 + 1 }, (_, i) => ({ ...chunk, plainLength: 1 + (i % 7) }));
    const facts = { node, revision, mtimeUs: 0, exec: false };
    const { manifest, pages } = packManifest({ ...facts, chunks }, systemRandom);
    const sealed = new Map<string, Uint8Array>(pages.map((page) => [page.objectId, page.sealed]));
    const fetch = async (ref: { readonly object: string }): Promise<Uint8Array> => must(sealed.get(ref.object));
    const parsed = parseManifest(decodeCbor(encodeManifest(manifest)));
    let count = 0;
    for await (const ref of chunksOf(parsed, fetch)) expect(ref.length).toBe(1 + (count++ % 7));
    expect(count).toBe(chunks.length);

    const read = async (other: Manifest): Promise<void> => {
      for await (const _ of chunksOf(other, fetch)) count++;
    };
    const [top] = parsed.refs;
    for (const wrong of [
      { ...parsed, size: parsed.size + 1 },
      { ...parsed, size: parsed.size - 1 },
      { ...parsed, chunkCount: parsed.chunkCount + 1 },
      { ...parsed, chunkCount: 17, size: parsed.size },
      { ...parsed, refs: [must(top), must(top)] },
      { ...parsed, revision: newId(systemRandom) },
      { ...parsed, node: newId(systemRandom) },
    ]) {
      await expectStopAsync(() => read(wrong), 'E_AUTH');
    }
  });

  it('a page that is used for another revision, or a wrong sum, is refused; an older revision is written', async () => {
    const author = await authorIn('Forged');
    const pieces = Array.from({ length: 20 }, (_, i) => `${i}`);
    const node = await author.file('paged', rootNode, pieces);
    const { manifest, objects } = author.content(node, ['other', ...pieces]);
    const stolen = author.content(newNode(), ['other', ...pieces]);
    await author.append(
      [{ type: 'revise', node, manifest: { ...manifest, content: stolen.manifest.content } }],
      [...objects, ...stolen.objects],
    );
    const sum = await author.file('sum', rootNode, pieces);
    const wrong = author.content(sum, pieces);
    await author.append(
      [{ type: 'revise', node: sum, manifest: { ...wrong.manifest, size: wrong.manifest.size + 1 } }],
      wrong.objects,
    );
    const { out, report } = await rescue(await world.copy(), world.words);
    const own = report.problems.filter(({ vault }) => vault === 'Forged');
    expect(own.map(({ path }) => path).sort()).toEqual(['paged', 'sum']);
    for (const { message } of own) expect(message).toContain('its list of pieces is damaged');
    expect(readFileSync(join(out, 'Forged/paged'), 'utf8')).toBe(pieces.join(''));
    expect(readFileSync(join(out, 'Forged/sum'), 'utf8')).toBe(pieces.join(''));
  });
});

describe('histories that contradict one another', () => {
  it('F-RESCUE-3: the log ends where an authentic entry does not follow the one before', async () => {
    const vault = await world.vault('Forked');
    const [shown, hidden] = [await vaultAuthor(world.session, vault), await vaultAuthor(world.session, vault)];
    hidden.goOffline();
    await shown.file('kept', rootNode, ['kept']);
    await shown.file('replaced', rootNode, ['replaced']);
    await shown.file('after', rootNode, ['after']);
    await hidden.folder('another second', rootNode);
    await hidden.folder('another third', rootNode);

    const copy = await world.copy();
    const db = new Database(join(copy, 'meta.db'));
    const put = db.prepare(
      'UPDATE entries SET header = ?, signature = ?, ciphertext = ? WHERE seq = 3 AND vault = (SELECT n FROM vaults WHERE id = ?)',
    );
    const { header, signature, ciphertext } = must(hidden.sealed[1]);
    put.run(header, signature, ciphertext, idBytes(vault));
    db.close();
    const { out, report } = await rescue(copy, world.words);
    const own = report.problems.filter((problem) => problem.vault === 'Forked');
    expect(own.map(({ message }) => message)).toEqual([
      'The log was read up to entry 2; entry 3 was refused. It contradicts the entries before it.',
    ]);
    expect(readdirSync(join(out, 'Forked'))).toEqual(['kept']);
  });

  it('F-CHAIN-5: a vault whose first entry is not the one that the account names is not opened', async () => {
    const [vault, other] = [await world.vault('Mine'), await world.vault('Other')];
    const copy = await world.copy();
    const db = new Database(join(copy, 'meta.db'));
    db.prepare('UPDATE vaults SET id = zeroblob(16) WHERE id = ?').run(idBytes(vault));
    db.prepare('UPDATE vaults SET id = ? WHERE id = ?').run(idBytes(vault), idBytes(other));
    db.close();
    const { report } = await rescue(copy, world.words);
    expect(report.vaults.find((found) => found.vault === vault)).toMatchObject({ seq: 0, files: 0 });
    expect(report.problems.filter(({ message }) => message.includes('missing or damaged'))).not.toEqual([]);
  });
});

describe('names', () => {
  it('F-RESCUE-5: that climb, are reserved or empty are void, and nothing is written outside of the output', async () => {
    const author = await authorIn('Names');
    const outside = await tempFolder('outside');
    const names = ['..', '.', '', '../up', '/etc', 'a/b', 'nul\0', '.holdfast', '.HoldFast', 'x'.repeat(1021)];
    for (const name of names) await author.file(name, rootNode, ['evil']);
    await author.append([{ type: 'vault', name: '../../evil' }]);
    await author.file('good', rootNode, ['good']);
    const out = join(outside, 'a/b/out');
    const { report } = await rescue(await world.copy(), world.words, { outDir: out });
    expect(readdirSync(outside)).toEqual(['a']);
    expect(readdirSync(join(outside, 'a'))).toEqual(['b']);
    expect(readdirSync(join(outside, 'a/b'))).toEqual(['out']);
    expect(readdirSync(join(out, 'Names'))).toEqual(['good']);
    const own = report.problems.filter(({ vault }) => vault === 'Names');
    expect(own.map(({ kind }) => kind)).toEqual([...names, 'vault'].map(() => 'name'));
    expect(existsSync(join(outside, 'evil'))).toBe(false);
  });

  it('too long for this disk are shortened, paths too long start anew, and the report says what is where', async () => {
    const author = await authorIn('Long');
    await author.file(`${'é'.repeat(300)}.txt`, rootNode, ['long']);
    await author.file(`${'é'.repeat(299)}è.txt`, rootNode, ['long too']);
    let folder: NodeId = rootNode;
    for (let i = 0; i < 30; i++) folder = await author.folder(`${i} ${'d'.repeat(200)}`, folder);
    await author.file('at the bottom', folder, ['deep']);
    const { out, report } = await rescue(await world.copy(), world.words);
    expect(report.problems.filter(({ vault }) => vault === 'Long')).toEqual([]);
    const renamed = report.renamed.filter(({ vault }) => vault === 'Long');
    const contents = renamed
      .filter(({ path }) => path.endsWith('.txt'))
      .map(({ writtenAs }) => readFileSync(join(out, writtenAs), 'utf8'));
    expect(contents.sort()).toEqual(['long', 'long too']);
    const found = (readdirSync(join(out, 'Long paths'), { recursive: true }) as string[]).find((path) =>
      path.endsWith('/at the bottom'),
    );
    expect(readFileSync(join(out, 'Long paths', found ?? ''), 'utf8')).toBe('deep');
    const elsewhere = renamed.filter(({ writtenAs }) => writtenAs.startsWith('Long paths/'));
    expect(elsewhere.map(({ writtenAs }) => writtenAs)).toEqual([expect.stringMatching(/^Long paths\/\d+ d+$/)]);
  });

  it('of vaults that are equal get folders of their own', async () => {
    const [one, two] = [await authorIn('Twin'), await authorIn('Twin')];
    await one.file('f', rootNode, ['1']);
    await two.file('f', rootNode, ['2']);
    const { out } = await rescue(await world.copy(), world.words);
    expect(readFileSync(join(out, 'Twin/f'), 'utf8')).toBe('1');
    expect(readFileSync(join(out, 'Twin (2)/f'), 'utf8')).toBe('2');
  });
});

it('an abort ends it, leaves only whole files, and clears its own things away', async () => {
  const stop = new AbortController();
  const out = join(await tempFolder('rescued'), 'out');
  const ended = rescue(await world.copy(), world.words, {
    outDir: out,
    signal: stop.signal,
    onProgress: (progress) => {
      if (progress.phase === 'files' && progress.files > 0) stop.abort(new Error('enough'));
    },
  });
  await expect(ended).rejects.toThrow('enough');
  const left = (readdirSync(out, { recursive: true }) as string[]).filter((path) => statSync(join(out, path)).isFile());
  // Those that were being written beside the first one may have been finished, too.
  expect(left.length).toBeGreaterThan(0);
  const whole = {
    'Shapes/17 chunks': Array.from({ length: 17 }, (_, i) => `piece ${i};`).join('').length,
    'Shapes/one page more': 27,
    'Shapes/odd': 4_194_304 + 4097 + 3,
    'Shapes/empty': 0,
  };
  const sizes = Object.fromEntries(left.map((path) => [path, statSync(join(out, path)).size]));
  expect(whole).toMatchObject(sizes);
  expect(readdirSync(out, { recursive: true }).filter((path) => String(path).includes('.holdfast'))).toEqual([]);
});
