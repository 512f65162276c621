import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type ObjectId } from '../../src/common/ids.ts';
import { parseEntryHeader } from '../../src/crypto/entry-header.ts';
import type { FetchedObject, VaultApi } from '../../src/remote/storage-api.ts';
import {
  acceptEntry,
  bytes,
  makeCheckpoint,
  makeEntry,
  makeGrants,
  makeObject,
  random,
  type TestVault,
} from '../helpers/test-account.ts';

export type VaultPart = Omit<VaultApi, 'createVault' | 'deleteVault' | 'listVaults' | 'quota'>;

export interface VaultWorld {
  readonly api: VaultPart;
  /** With its genesis entry appended. */
  readonly vault: TestVault;
}

async function collectAll(objects: AsyncIterable<FetchedObject>): Promise<FetchedObject[]> {
  const all: FetchedObject[] = [];
  for await (const object of objects) all.push(object);
  return all;
}

/** What every storage API promises of logs and objects, whether it is far away, in this process, or made up. */
export function vaultApiContract(name: string, open: () => Promise<VaultWorld>): void {
  describe(`${name}: logs and objects`, () => {
    let api: VaultPart;
    let vault: TestVault;
    beforeEach(async () => {
      ({ api, vault } = await open());
    });

    it('gives entries back, byte for byte and in order, and the lists when asked', async () => {
      const object = makeObject();
      await api.putObjects(vault.id, [object]);
      const entry = makeEntry(vault, { retained: [object.id] });
      expect(await api.appendEntry(vault.id, entry)).toEqual({
        status: 'done',
        head: acceptEntry(vault, entry) && vault.head,
      });
      const page = await api.getLog(vault.id, 0, { withLists: true });
      expect(page).toMatchObject({ head: vault.head, isLast: true });
      expect(page.entries).toHaveLength(2);
      expect(page.entries[1]).toEqual(entry);
      const [bare] = (await api.getLog(vault.id, 1)).entries;
      expect(bare?.ciphertext).toEqual(entry.ciphertext);
      expect((await api.getLog(vault.id, 2)).entries).toEqual([]);
    });

    it('SRV-04 answers the same entry, sent again, as the first time', async () => {
      const entry = makeEntry(vault);
      const first = await api.appendEntry(vault.id, entry);
      expect(await api.appendEntry(vault.id, entry)).toEqual(first);
      acceptEntry(vault, entry);
      acceptEntry(vault, await appended(makeEntry(vault)));
      expect(await api.appendEntry(vault.id, entry)).toEqual(first);
      expect((await api.getLog(vault.id, 0)).head.seq).toBe(3);
    });

    it('lets one of two entries for one seq win, and shows it to the other', async () => {
      const [one, two] = [makeEntry(vault), makeEntry(vault)];
      const outcomes = await Promise.all([api.appendEntry(vault.id, one), api.appendEntry(vault.id, two)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['done', 'moved']);
      const lost = outcomes.find((outcome) => outcome.status === 'moved');
      const winner = outcomes[0]?.status === 'done' ? one : two;
      expect(lost).toMatchObject({ head: { seq: 2 } });
      expect(lost?.status === 'moved' && lost.entries.map(({ header }) => header)).toEqual([winner.header]);
      expect((await api.getLog(vault.id, 1)).entries).toHaveLength(1);
    });

    it('refuses to follow another history', async () => {
      const stranger = { seq: 1, hash: bytes(32) };
      expect(await api.appendEntry(vault.id, makeEntry(vault, { head: stranger }))).toMatchObject({
        status: 'moved',
        head: vault.head,
      });
      expect(await api.appendEntry(vault.id, makeEntry(vault, { head: { seq: 5, hash: bytes(32) } }))).toMatchObject({
        status: 'moved',
        entries: [],
      });
    });

    it('refuses an entry whose objects it does not hold, names them, and takes it once they are there', async () => {
      const [held, lacking] = [makeObject(), makeObject()];
      await api.putObjects(vault.id, [held]);
      const entry = makeEntry(vault, { retained: [held.id, lacking.id] });
      expect(await api.appendEntry(vault.id, entry)).toEqual({ status: 'objects-missing', missing: [lacking.id] });
      expect((await api.getLog(vault.id, 0)).head.seq).toBe(1);
      await api.putObjects(vault.id, [lacking]);
      expect(await api.appendEntry(vault.id, entry)).toMatchObject({ status: 'done' });
    });

    it('stores objects that come with an entry, also if the entry loses', async () => {
      const [one, two] = [makeObject(), makeObject(100_000)];
      const entry = makeEntry(vault, { retained: [one.id] });
      expect(await api.appendEntry(vault.id, entry, { objects: [one] })).toMatchObject({ status: 'done' });
      const late = makeEntry(vault, { retained: [two.id] });
      expect(await api.appendEntry(vault.id, late, { objects: [two] })).toMatchObject({ status: 'moved' });
      expect(await api.heldObjects(vault.id, [one.id, two.id])).toEqual(new Set([one.id, two.id]));
      // Reply lost: the same request again.
      expect(await api.appendEntry(vault.id, entry, { objects: [one] })).toMatchObject({
        status: 'done',
        head: { seq: 2 },
      });
    });

    it('pages a long log without gaps', async () => {
      for (let count = 0; count < 6; count++) acceptEntry(vault, await appended(makeEntry(vault)));
      const seqs: number[] = [];
      for (let after = 0; ; ) {
        const page = await api.getLog(vault.id, after, { maxCount: 2 });
        expect(page.entries.length).toBeLessThanOrEqual(2);
        for (const { header } of page.entries) seqs.push(parseEntryHeader(header).seq);
        after += page.entries.length;
        if (page.isLast) break;
      }
      expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7]);
    });

    it('gives at least one entry, however few bytes are asked for', async () => {
      acceptEntry(vault, await appended(makeEntry(vault)));
      const page = await api.getLog(vault.id, 0, { maxBytes: 1 });
      expect(page.entries).toHaveLength(1);
      expect(page.isLast).toBe(false);
    });

    it('gives objects back in the order asked, and says which it does not hold', async () => {
      const objects = Array.from({ length: 40 }, (_, at) => makeObject(4112 + at * 3000));
      await api.putObjects(vault.id, objects);
      const unknown = newId<ObjectId>(random);
      const ids = [...objects.map(({ id }) => id).reverse(), unknown];
      const found = await collectAll(api.getObjects(vault.id, ids));
      expect(found.map(({ id }) => id)).toEqual(ids);
      const byId = new Map(objects.map((object) => [object.id, object.bytes]));
      for (const { id, bytes: found_ } of found) {
        if (id === unknown) expect(found_).toBeNull();
        else expect(Buffer.compare(found_ ?? bytes(0), byId.get(id) ?? bytes(1))).toBe(0);
      }
    });

    it('takes an object twice, and no other bytes under its id', async () => {
      const object = makeObject();
      await api.putObjects(vault.id, [object]);
      await api.putObjects(vault.id, [object, makeObject()]);
      const other = { id: object.id, bytes: bytes(object.bytes.length) };
      await expect(api.putObjects(vault.id, [other])).rejects.toMatchObject({
        kind: 'refused',
        reason: 'object-differs',
      });
      await expect(api.putObjects(vault.id, [makeObject(), other])).rejects.toMatchObject({ reason: 'object-differs' });
      expect(await api.getObject(vault.id, object.id)).toEqual(object.bytes);
    });

    it('gives single objects and ranges of them', async () => {
      const object = makeObject(300_000);
      await api.putObjects(vault.id, [object]);
      expect(Buffer.compare(await api.getObject(vault.id, object.id), object.bytes)).toBe(0);
      const range = await api.getObject(vault.id, object.id, { range: { start: 1000, end: 2000 } });
      expect(Buffer.compare(range, object.bytes.subarray(1000, 2000))).toBe(0);
      await expect(api.getObject(vault.id, newId(random))).rejects.toMatchObject({ kind: 'missing' });
    });

    it('names the objects that it holds', async () => {
      const objects = [makeObject(), makeObject()];
      await api.putObjects(vault.id, objects);
      const asked = [...objects.map(({ id }) => id), newId<ObjectId>(random)];
      expect(await api.heldObjects(vault.id, asked)).toEqual(new Set(objects.map(({ id }) => id)));
      expect(await api.heldObjects(vault.id, [])).toEqual(new Set());
    });

    it('keeps grants by epoch', async () => {
      const grants = makeGrants(vault, 2);
      const entry = makeEntry(vault, { epoch: 2 });
      expect(await api.appendEntry(vault.id, entry, { grants })).toMatchObject({ status: 'done' });
      expect(await api.getGrants(vault.id, 2)).toEqual(grants);
      expect((await api.getGrants(vault.id, 1)).length).toBeGreaterThan(0);
      await expect(api.getGrants(vault.id, 3)).rejects.toMatchObject({ kind: 'missing' });
    });

    it('keeps the latest checkpoint', async () => {
      expect(await api.getCheckpoint(vault.id)).toBeNull();
      const page = makeObject();
      await api.putObjects(vault.id, [page]);
      const first = makeCheckpoint(vault, [page.id]);
      await api.putCheckpoint(vault.id, first);
      await api.putCheckpoint(vault.id, first);
      expect(await api.getCheckpoint(vault.id)).toEqual(first);
      acceptEntry(vault, await appended(makeEntry(vault)));
      const second = makeCheckpoint(vault, [page.id]);
      await api.putCheckpoint(vault.id, second);
      await expect(api.putCheckpoint(vault.id, first)).rejects.toMatchObject({ kind: 'conflict' });
      expect(await api.getCheckpoint(vault.id)).toEqual(second);
    });

    it('rejects with the reason of an aborted signal', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(api.getLog(vault.id, 0, { signal })).rejects.toThrow('enough');
      await expect(api.putObjects(vault.id, [makeObject()], { signal })).rejects.toThrow('enough');
      await expect(collectAll(api.getObjects(vault.id, [newId(random)], { signal }))).rejects.toThrow('enough');
    });

    it('does not know vaults that are not the caller’s', async () => {
      await expect(api.getLog(newId(random), 0)).rejects.toMatchObject({ kind: 'missing' });
      await expect(api.putObjects(newId(random), [makeObject()])).rejects.toMatchObject({ kind: 'missing' });
    });

    async function appended(entry: ReturnType<typeof makeEntry>) {
      expect(await api.appendEntry(vault.id, entry)).toMatchObject({ status: 'done' });
      return entry;
    }
  });
}
