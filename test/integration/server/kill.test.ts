import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEntryHeader } from '../../../src/crypto/entry-header.ts';
import type { SealedObject, StorageApi } from '../../../src/remote/storage-api.ts';
import { startNode } from '../../helpers/run.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { acceptEntry, createVault, makeEntry, makeObject, type TestVault } from '../../helpers/test-account.ts';
import { connectDevice, connectTo, signUp } from '../../helpers/test-server.ts';

const program = join(import.meta.dirname, 'serve-child.ts');

async function startChild(dataDir: string) {
  const child = startNode([program, dataDir]);
  const { url } = JSON.parse(await child.line((line) => line.startsWith('{'), 30_000)) as { url: string };
  return { child, url };
}

interface Ledger {
  /** What the server has said that it holds. */
  readonly objects: SealedObject[];
  readonly entries: { readonly vault: TestVault; readonly header: Uint8Array }[];
}

const sizes = [4112, 20_000, 66_000, 300_000];

/** Puts and appends until the server goes away, and notes what was acknowledged. */
async function load(api: StorageApi, vault: TestVault, ledger: Ledger): Promise<void> {
  for (let round = 0; ; round++) {
    const objects = Array.from({ length: 6 }, (_, at) => makeObject(sizes[(round + at) % sizes.length]));
    const carried = makeObject();
    try {
      await api.putObjects(vault.id, objects);
      ledger.objects.push(...objects);
      const entry = makeEntry(vault, { retained: [...objects, carried].map(({ id }) => id) });
      const outcome = await api.appendEntry(vault.id, entry, { objects: [carried] });
      if (outcome.status !== 'done') throw new Error(`unexpected: ${outcome.status}`);
      ledger.objects.push(carried);
      ledger.entries.push({ vault, header: acceptEntry(vault, entry).header });
    } catch (error) {
      if ((error as { kind?: string }).kind === 'offline') return;
      throw error;
    }
  }
}

async function expectAll(api: StorageApi, vaults: readonly TestVault[], ledger: Ledger, owner: Map<string, TestVault>) {
  for (const vault of vaults) {
    const headers: Buffer[] = [];
    for (let after = 0, isLast = false; !isLast; ) {
      const page = await api.getLog(vault.id, after);
      for (const { header } of page.entries) headers[parseEntryHeader(header).seq] = Buffer.from(header);
      after += page.entries.length;
      isLast = page.isLast;
    }
    for (const entry of ledger.entries.filter((of) => of.vault === vault)) {
      const found = headers[parseEntryHeader(entry.header).seq];
      expect(found !== undefined && Buffer.compare(found, entry.header) === 0).toBe(true);
    }
    const mine = ledger.objects.filter(({ id }) => owner.get(id) === vault);
    const byId = new Map(mine.map((object) => [object.id, object.bytes]));
    let count = 0;
    for await (const { id, bytes } of api.getObjects(
      vault.id,
      mine.map(({ id }) => id),
    )) {
      expect(bytes !== null && Buffer.compare(bytes, byId.get(id) ?? new Uint8Array()) === 0, `object ${id}`).toBe(
        true,
      );
      count++;
    }
    expect(count).toBe(mine.length);
  }
}

describe('a server killed at any moment', () => {
  it('SRV-01 has all that it acknowledged when it starts again, and goes on from there', async () => {
    const dataDir = await tempFolder('kill');
    const ledger: Ledger = { objects: [], entries: [] };
    const owner = new Map<string, TestVault>();
    const begin = await startChild(dataDir);
    const { account, api: setup } = await signUp((options) => connectTo(begin.url, options));
    const vaults: TestVault[] = [];
    for (let count = 0; count < 3; count++) vaults.push(await createVault(setup, account));
    await setup.close();
    await begin.child.kill('SIGKILL');

    for (let round = 0; round < 4; round++) {
      const { child, url } = await startChild(dataDir);
      const used = connectDevice((options) => connectTo(url, { ...options, retry: { tries: 1 } }), account);
      await expectAll(used, vaults, ledger, owner);
      // An entry may be there that was never acknowledged: its author adopts it before it goes on.
      for (const vault of vaults) {
        const page = await used.getLog(vault.id, vault.head.seq);
        expect(page.entries.length).toBeLessThanOrEqual(1);
        for (const { header } of page.entries) {
          const { device, deviceSeq, seq } = parseEntryHeader(header);
          vault.head = { seq, hash: page.head.hash };
          vault.deviceSeqs.set(device, deviceSeq);
        }
      }
      const before = ledger.objects.length;
      const loads = Promise.all(
        vaults.map(async (vault) => {
          const own: Ledger = { objects: [], entries: ledger.entries };
          await load(used, vault, own);
          for (const object of own.objects) owner.set(object.id, vault);
          ledger.objects.push(...own.objects);
        }),
      );
      // Killed after a number of answers, not after a time: on any machine something is under way.
      const target = ledger.entries.length + 15 + round * 7;
      while (ledger.entries.length < target) await new Promise((resolve) => setImmediate(resolve));
      await child.kill('SIGKILL');
      await loads;
      expect(ledger.objects.length).toBeGreaterThan(before);
      await used.close();
    }
    const { child, url } = await startChild(dataDir);
    const api = connectDevice((options) => connectTo(url, options), account);
    await expectAll(api, vaults, ledger, owner);
    expect(await readdir(join(dataDir, 'objects', 'new'))).toEqual([]);
    await api.close();
    await child.kill('SIGKILL');
  });

  it('SRV-19 clears away a file that was not whole', async () => {
    const dataDir = await tempFolder('tail');
    const first = await startChild(dataDir);
    await first.child.kill('SIGKILL');
    const half = join(dataDir, 'objects', 'new', '00000000000001');
    await writeFile(half, 'half');
    const second = await startChild(dataDir);
    expect(existsSync(half)).toBe(false);
    await second.child.kill('SIGKILL');
  });
});
