import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaultId } from '../../src/common/ids.ts';
import { padme } from '../../src/crypto/padme.ts';
import { type ClientPair, openClient } from './harness/client.ts';
import type { Liar } from './harness/liar.ts';
import { openLog } from './harness/open-log.ts';
import { expectNoSecrets } from './harness/run-case.ts';
import { mustConverge } from './harness/scene.ts';
import { type HostileWorld, hostileWorld } from './harness/world.ts';

/** What a server that only looks on can learn. */

let world: HostileWorld;
beforeAll(async () => {
  world = await hostileWorld();
});
afterAll(() => {
  expectNoSecrets(world);
  return world.close();
});

let count = 0;
const newPair = (): Promise<ClientPair> => world.author.pair(`leak ${++count}`);

type Upload = Liar['uploads'][number];

/** What came to the server for this vault while `act` ran. */
async function sentBy(pair: ClientPair, act: () => void): Promise<{ objects: Upload[]; entries: number[] }> {
  const { liar } = world;
  const marks = { uploads: liar.uploads.length, asked: liar.asked.length };
  act();
  await mustConverge(pair, 'the author');
  return {
    objects: liar.uploads.slice(marks.uploads).filter(({ vault }) => vault === pair.vault),
    entries: liar.asked
      .slice(marks.asked)
      .filter(({ vault, name }) => vault === pair.vault && name === 'appendLog')
      .map(({ body }) => body.length),
  };
}

const sizes = (objects: readonly Upload[]): number[] => objects.map(({ bytes }) => bytes.length).sort((a, b) => a - b);

describe('L1, L2: sizes', () => {
  it('of what is stored depend on the length of a file alone, whatever is in it', async () => {
    const length = 2_500_000;
    const lines = Array.from({ length: 60_000 }, (_, line) => `${line} All work and no play makes Jack a dull boy.\n`);
    // What repeats within a vault is sent once (FORMAT.md 14); this does not.
    const sparse = Buffer.alloc(length);
    for (let at = 0; at < length; at += 100_000) sparse.writeUInt32LE(at, at);
    const contents = [sparse, Buffer.from(lines.join('')).subarray(0, length), randomBytes(length)];
    const seen: number[][] = [];
    for (const content of contents) {
      const pair = await newPair();
      const { objects } = await sentBy(pair, () => pair.files.write('corpus.bin', content));
      seen.push(sizes(objects));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('are of a small set: padded, 4 KiB at least', async () => {
    const pair = await newPair();
    const lengths = [1, 100, 4095, 4096, 4097, 5000, 70_001, 1_048_575, 1_048_577];
    const { objects } = await sentBy(pair, () => {
      for (const length of lengths) pair.files.write(`${length}.bin`, randomBytes(length));
    });
    for (const { bytes } of objects) {
      const padded = bytes.length - 16;
      expect(padded).toBeGreaterThanOrEqual(4096);
      expect(padme(padded), `${padded}`).toBe(padded);
    }
    let distinct = 0;
    for (let size = 4096; size <= 2 ** 30; size = padme(size + 1)) distinct++;
    expect(distinct).toBeLessThanOrEqual(513);
  });
});

describe('L3, L4, L5: equal things', () => {
  const content = randomBytes(300_000);

  it('L3: the same file in two vaults, of two accounts, or twice: nothing that the server has is equal, and nobody asks it', async () => {
    const door = new URL(world.author.session.stored().server).origin;
    const { client } = await openClient('author', door, `other-${Date.now()}@example.org`, true);
    const pairs = [await newPair(), await newPair(), await client.pair('leak of another')];
    const all: Upload[] = [];
    for (const pair of pairs) {
      const mark = world.liar.asked.length;
      const { objects } = await sentBy(pair, () => pair.files.write('same.bin', content));
      all.push(...objects);
      expect(sizes(objects)).toEqual(sizes(all.slice(0, objects.length)));
      const { asked } = world.liar;
      expect(asked.slice(mark).filter(({ name }) => name === 'exists')).toEqual([]);
    }
    await client.close();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ bytes }) => bytes.toString('latin1'))).size).toBe(all.length);
  });

  it('L4: a file that is made again, renamed or copied: all that is seen is fresh, and a copy sends no content', async () => {
    const pair = await newPair();
    const first = await sentBy(pair, () => pair.files.write('a.bin', content));
    const renamed = await sentBy(pair, () => pair.files.mv('a.bin', 'b.bin'));
    const copied = await sentBy(pair, () => pair.files.write('c.bin', content));
    expect([renamed.objects, copied.objects]).toEqual([[], []]);
    expect(renamed.entries.length).toBe(1);
    await sentBy(pair, () => {
      pair.files.rm('b.bin');
      pair.files.rm('c.bin');
    });
    const other = await newPair();
    const again = await sentBy(other, () => other.files.write('a.bin', content));
    const before = new Set(first.objects.map(({ id }) => id));
    expect(again.objects.filter(({ id }) => before.has(id))).toEqual([]);
    // Names of different lengths within one block cannot be told apart.
    const short = await sentBy(pair, () => pair.files.mkdir('x'));
    const long = await sentBy(pair, () => pair.files.mkdir('y'.repeat(90)));
    expect(long.entries).toEqual(short.entries);
    const { entries } = await openLog(world.author.session, pair.vault as VaultId);
    expect(new Set(entries.map(({ ciphertext }) => Buffer.from(ciphertext).toString('hex'))).size).toBe(entries.length);
  });

  it('L5: a file that someone planted in one vault changes nothing of what another vault sends', async () => {
    const planted = await newPair();
    await sentBy(planted, () => planted.files.write('planted.bin', content));
    const secret = await newPair();
    const equal = await sentBy(secret, () => secret.files.write('secret.bin', content));
    const control = await sentBy(secret, () => secret.files.write('random.bin', randomBytes(content.length)));
    expect(sizes(equal.objects)).toEqual(sizes(control.objects));
    expect(equal.entries).toEqual(control.entries);
  });

  it('[KEY-15] no secret or id stands for two contents in any vault', async () => {
    const chain = world.author.session.known().chain;
    const secrets: string[] = [];
    const ids = new Map<string, string>();
    for (const vault of chain.vaults.keys()) {
      const { operations } = await openLog(world.author.session, vault);
      for (const operation of operations) {
        if (!('manifest' in operation) || operation.manifest.content.kind !== 'chunks') continue;
        for (const ref of operation.manifest.content.chunks) {
          const secret = Buffer.from(ref.secret).toString('hex');
          expect(ids.get(ref.objectId) ?? secret).toBe(secret);
          if (!ids.has(ref.objectId)) secrets.push(secret);
          ids.set(ref.objectId, secret);
        }
      }
    }
    expect(secrets.length).toBeGreaterThan(20);
    expect(new Set(secrets).size).toBe(secrets.length);
  });
});
