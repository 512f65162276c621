import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountId, type DeviceId, newId, type ObjectId, type VaultId } from '../../src/common/ids.ts';
import { sortedIds } from '../../src/crypto/id-list.ts';
import type { AppendEntry, EntryRow, MetadataStore, NewObject, StoredEvent } from '../../src/server/metadata-store.ts';
import { forsakenVaults } from '../../src/server/sqlite/forsaken.ts';
import { bytesInPacks } from '../../src/server/sqlite/object-index.ts';
import { openSqliteMetadata } from '../../src/server/sqlite/sqlite-metadata-store.ts';
import type { Head } from '../../src/wire/types.ts';
import { createMemoryMetadata } from '../fakes/memory-metadata.ts';
import { tempFolder } from '../helpers/temp.ts';
import { bytes, random, zeroHead } from '../helpers/test-account.ts';

const plenty = { maxBytes: 1e9, maxCount: 1000 };
const later = 1000;

const makeEvent = (seq: number): StoredEvent => ({
  seq,
  hash: bytes(32),
  event: bytes(100),
  signature: bytes(64),
  deviceSignature: seq === 2 ? bytes(64) : null,
});

const headOf = ({ seq, hash }: { seq: number; hash: Uint8Array }): Head => ({ seq, hash });

const makeRow = (
  seq: number,
  lists: { retained?: ObjectId[]; released?: ObjectId[] } = {},
  epochGrants?: Uint8Array,
): EntryRow => ({
  seq,
  hash: bytes(32),
  device: newId<DeviceId>(random),
  deviceSeq: seq,
  epoch: epochGrants === undefined ? 1 : seq,
  accountPosition: seq + 2,
  entry: {
    header: bytes(200),
    signature: bytes(64),
    ciphertext: bytes(328),
    retained: sortedIds(lists.retained ?? []),
    released: sortedIds(lists.released ?? []),
  },
  grants: epochGrants ?? null,
});

let nextFile = 1;
const makeObject = (length = 5000, offset = 0): NewObject => ({
  id: newId<ObjectId>(random),
  place: { file: nextFile++, offset, length, crc: 1 },
});

function contract(name: string, open: () => Promise<MetadataStore>): void {
  describe(name, () => {
    let store: MetadataStore;
    let account: AccountId;
    let vault: VaultId;
    let chain: Head;
    let head: Head;
    beforeEach(async () => {
      store = await open();
      account = newId(random);
      vault = newId(random);
      const events = [makeEvent(1), makeEvent(2)];
      await store.accounts.create({ account, email: `${account}@x`, record: record(), events, now: 0 });
      const event = makeEvent(3);
      const genesis = makeRow(1, {}, bytes(100));
      const change = { account, expected: headOf(events[1] as StoredEvent), event };
      expect(await store.vaults.create(change, vault, genesis, 0)).toBe('done');
      chain = headOf(event);
      head = headOf(genesis);
    });
    afterEach(() => store.close());

    const record = () => ({ body: bytes(300), signature: bytes(64) });
    const add = (objects: NewObject[], quota: number | null = null, unreferencedUntil = later) =>
      store.objects.add(vault, objects, { quota, unreferencedUntil });
    async function append(row: EntryRow, change: Partial<AppendEntry> = {}) {
      const result = await store.vaults.append({
        vault,
        expected: head,
        row,
        objects: [],
        quota: null,
        unreferencedUntil: later,
        releasedUntil: 2 * later,
        ...change,
      });
      if (result.status === 'done') head = headOf(row);
      return result;
    }
    const isHeld = async (id: ObjectId) => (await store.objects.find(vault, [id])).has(id);

    it('finds an account by id and by e-mail, once made', async () => {
      expect(await store.accounts.byEmail(`${account}@x`)).toBe(account);
      expect(await store.accounts.byEmail('else@x')).toBeNull();
      expect(await store.accounts.head(account)).toEqual(chain);
      expect(await store.accounts.head(newId(random))).toBeNull();
      expect(await store.accounts.record(newId(random))).toBeNull();
      const again = { account, email: 'other@x', record: record(), events: [makeEvent(1)], now: 0 };
      expect(await store.accounts.create(again)).toBe('exists');
      const taken = { ...again, account: newId<AccountId>(random), email: `${account}@x` };
      expect(await store.accounts.create(taken)).toBe('email-taken');
    });

    it('pages events, one at least', async () => {
      expect((await store.accounts.events(account, 0, plenty)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      expect((await store.accounts.events(account, 1, plenty)).map(({ seq }) => seq)).toEqual([2, 3]);
      expect(await store.accounts.events(account, 0, { maxBytes: 1, maxCount: 10 })).toHaveLength(1);
      expect(await store.accounts.events(account, 0, { maxBytes: 200, maxCount: 10 })).toHaveLength(2);
      expect(await store.accounts.events(account, 0, { maxBytes: 1e9, maxCount: 2 })).toHaveLength(2);
      expect(await store.accounts.events(account, 3, plenty)).toEqual([]);
    });

    it('lets one of several events win, with its record and e-mail', async () => {
      const results = await Promise.all(
        ['a@x', 'b@x', 'c@x'].map((email) =>
          store.accounts.append({ account, expected: chain, event: makeEvent(4) }, { signed: record(), email }),
        ),
      );
      expect(results.sort()).toEqual(['done', 'moved', 'moved']);
      expect((await store.accounts.head(account))?.seq).toBe(4);
      expect(await store.accounts.byEmail(`${account}@x`)).toBeNull();
      expect(await store.accounts.byEmail('a@x')).toBe(account);
    });

    it('leaves no trace of a record whose e-mail is taken', async () => {
      const other = {
        account: newId<AccountId>(random),
        email: 'o@x',
        record: record(),
        events: [makeEvent(1)],
        now: 0,
      };
      await store.accounts.create(other);
      const change = { account, expected: chain, event: makeEvent(4) };
      expect(await store.accounts.append(change, { signed: record(), email: 'o@x' })).toBe('email-taken');
      expect(await store.accounts.head(account)).toEqual(chain);
    });

    it('keeps sessions until they end', async () => {
      const [one, two, three] = [1, 2, 3].map((n) => ({
        tokenHash: bytes(32),
        account,
        devicePublic: bytes(32),
        expires: n * 10,
      }));
      if (one === undefined || two === undefined || three === undefined) throw new Error();
      for (const session of [one, two, three]) await store.sessions.put(session);
      expect(await store.sessions.find(one.tokenHash)).toEqual(one);
      expect(await store.sessions.find(bytes(32))).toBeNull();
      expect(await store.sessions.removeExpired(10)).toBe(1);
      expect(await store.sessions.find(one.tokenHash)).toBeNull();
      await store.sessions.put(one);
      await store.sessions.removeOf(account, two.devicePublic, 'others');
      expect(await store.sessions.find(one.tokenHash)).toBeNull();
      expect(await store.sessions.find(two.tokenHash)).toEqual(two);
      await store.sessions.removeOf(account, two.devicePublic, 'this');
      expect(await store.sessions.find(two.tokenHash)).toBeNull();
      await store.sessions.put(three);
      await store.sessions.remove(three.tokenHash);
      expect(await store.sessions.find(three.tokenHash)).toBeNull();
    });

    it('makes a vault with its event, both or none', async () => {
      const row = makeRow(1, {}, bytes(10));
      const change = { account, expected: chain, event: makeEvent(4) };
      expect(await store.vaults.create(change, vault, row, 0)).toBe('exists');
      expect(await store.accounts.head(account)).toEqual(chain);
      const stale = { ...change, expected: zeroHead };
      expect(await store.vaults.create(stale, newId(random), row, 0)).toBe('moved');
      expect(await store.vaults.ofAccount(account)).toHaveLength(1);
      expect(await store.vaults.state(vault)).toEqual({
        vault,
        account,
        head,
        epoch: 1,
        epochPosition: 3,
        accountPosition: 3,
        objects: 0,
        bytes: 0,
        checkpointSeq: 0,
      });
    });

    it('lets one of several entries win', async () => {
      const rows = [makeRow(2), makeRow(2), makeRow(2)];
      const expected = head;
      const results = await Promise.all(rows.map((row) => append(row, { expected })));
      expect(results.map(({ status }) => status).sort()).toEqual(['done', 'moved', 'moved']);
      const winner = rows[results.findIndex(({ status }) => status === 'done')];
      expect(await store.vaults.entryHash(vault, 2)).toEqual(winner?.hash);
      expect(await append(makeRow(3), { expected: { seq: 2, hash: bytes(32) } })).toEqual({ status: 'moved' });
    });

    it('gives entries back in pages, with or without lists', async () => {
      const object = makeObject();
      await add([object]);
      const rows = [makeRow(2, { retained: [object.id] }), makeRow(3), makeRow(4, {}, bytes(50))];
      for (const row of rows) await append(row);
      const all = await store.vaults.entries(vault, 1, plenty, true);
      expect(all).toEqual(rows.map(({ entry }) => entry));
      const [bare] = await store.vaults.entries(vault, 1, { ...plenty, maxCount: 1 }, false);
      expect(bare).toEqual({ ...rows[0]?.entry, retained: null, released: null });
      expect(await store.vaults.entries(vault, 1, { maxBytes: 1200, maxCount: 10 }, false)).toHaveLength(2);
      expect(await store.vaults.entries(vault, 1, { maxBytes: 1, maxCount: 10 }, false)).toHaveLength(1);
      expect(await store.vaults.entries(vault, 4, plenty, false)).toEqual([]);
      expect(await store.vaults.state(vault)).toMatchObject({ epoch: 4, epochPosition: 6, accountPosition: 6 });
      expect(await store.vaults.grants(vault, 4)).toEqual(rows[2]?.grants);
      expect(await store.vaults.grants(vault, 3)).toBeNull();
      const device = rows[1]?.device as DeviceId;
      expect(await store.vaults.deviceSeq(vault, device)).toBe(3);
      expect(await store.vaults.deviceSeq(vault, newId(random))).toBe(0);
    });

    it('appends nothing while an object is missing', async () => {
      const [here, gone] = [makeObject(), makeObject()];
      await add([here]);
      const row = makeRow(2, { retained: [here.id, gone.id] });
      expect(await append(row)).toEqual({ status: 'objects-missing', missing: [gone.id] });
      expect(await append(row, { objects: [gone] })).toEqual({ status: 'done' });
    });

    it('records objects that came with an entry, also if it lost', async () => {
      const object = makeObject();
      expect(await append(makeRow(2), { expected: zeroHead, objects: [object] })).toEqual({ status: 'moved' });
      expect(await isHeld(object.id)).toBe(true);
    });

    it('keeps what is retained and lets the rest go when its time is over', async () => {
      const [kept, loose, released] = [makeObject(), makeObject(), makeObject()];
      await add([kept, loose, released]);
      await append(makeRow(2, { retained: [kept.id, released.id] }));
      await append(makeRow(3, { released: [released.id] }));
      expect(await store.objects.removeExpired(later - 1, 10)).toEqual([]);
      expect((await store.objects.removeExpired(later, 10)).map(({ id }) => id)).toEqual([loose.id]);
      expect((await store.objects.removeExpired(2 * later, 10)).map(({ id, place }) => [id, place])).toEqual([
        [released.id, released.place],
      ]);
      expect(await store.objects.removeExpired(1e12, 10)).toEqual([]);
      expect(await isHeld(kept.id)).toBe(true);
      expect(await store.vaults.state(vault)).toMatchObject({ objects: 1, bytes: 5000 });
      expect(await store.accounts.used(account)).toBe(6024);
    });

    it('keeps what is retained again before its time is over', async () => {
      const object = makeObject();
      await add([object]);
      await append(makeRow(2, { retained: [object.id] }));
      await append(makeRow(3, { released: [object.id] }));
      expect(await store.accounts.pending(account)).toBe(6024);
      await append(makeRow(4, { retained: [object.id] }));
      expect(await store.accounts.pending(account)).toBe(0);
      expect(await store.objects.removeExpired(1e12, 10)).toEqual([]);
    });

    it('keeps what the latest checkpoint lists', async () => {
      const [one, page, two] = [makeObject(), makeObject(), makeObject()];
      await add([one, page, two]);
      const put = (seq: number, pages: ObjectId[]) =>
        store.vaults.putCheckpoint(
          vault,
          seq,
          { body: bytes(9), signature: bytes(64), box: bytes(9), pages: sortedIds(pages) },
          later,
        );
      expect(await put(1, [one.id, newId(random)])).toMatchObject({ status: 'objects-missing' });
      expect(await put(1, [one.id, page.id])).toEqual({ status: 'done' });
      expect(await put(1, [two.id])).toEqual({ status: 'old' });
      await append(makeRow(2, { retained: [one.id] }));
      await append(makeRow(3, { released: [one.id] }));
      expect((await store.objects.removeExpired(1e12, 10)).map(({ id }) => id)).toEqual([two.id]);
      expect(await put(3, [])).toEqual({ status: 'done' });
      expect(await store.vaults.checkpoint(vault)).toMatchObject({ pages: [] });
      expect(await store.vaults.state(vault)).toMatchObject({ checkpointSeq: 3 });
      const gone = await store.objects.removeExpired(later, 10);
      expect(gone.map(({ id }) => id).sort()).toEqual([one.id, page.id].sort());
    });

    it('keeps what an entry retains also when no checkpoint lists it any more', async () => {
      const object = makeObject();
      await add([object]);
      await append(makeRow(2, { retained: [object.id] }));
      const checkpoint = { body: bytes(9), signature: bytes(64), box: bytes(9) };
      for (const pages of [[object.id], []]) {
        const seq = pages.length === 0 ? 3 : 2;
        expect(await store.vaults.putCheckpoint(vault, seq, { ...checkpoint, pages }, later)).toEqual({
          status: 'done',
        });
      }
      expect(await store.objects.removeExpired(1e12, 10)).toEqual([]);
    });

    it('forgets an account that is removed, and then all that was in its vaults', async () => {
      const [kept, listed, loose] = [makeObject(), makeObject(), makeObject()];
      await add([kept, listed, loose]);
      await append(makeRow(2, { retained: [kept.id] }));
      const checkpoint = { body: bytes(100), signature: bytes(64), box: bytes(100), pages: [listed.id] };
      await store.vaults.putCheckpoint(vault, 2, checkpoint, 2 * later);
      const other = newId<AccountId>(random);
      const session = { tokenHash: bytes(32), account, devicePublic: bytes(32), expires: later };
      await store.sessions.put(session);
      const events = [makeEvent(1)];
      await store.accounts.create({ account: other, email: 'other@x', record: record(), events, now: 0 });
      const stays: VaultId = newId(random);
      const change = { account: other, expected: headOf(events[0] as StoredEvent), event: makeEvent(2) };
      await store.vaults.create(change, stays, makeRow(1, {}, bytes(100)), 0);
      const object = makeObject();
      await store.objects.add(stays, [object], { quota: null, unreferencedUntil: later });

      expect(await store.accounts.remove(account)).toBe('done');
      expect(await store.accounts.remove(account)).toBe('missing');
      expect(await store.accounts.byEmail(`${account}@x`)).toBeNull();
      expect(await store.accounts.byEmail(account)).toBeNull();
      expect(await store.accounts.head(account)).toBeNull();
      expect(await store.accounts.record(account)).toBeNull();
      expect(await store.accounts.events(account, 0, plenty)).toEqual([]);
      expect(await store.sessions.find(session.tokenHash)).toBeNull();
      expect(await store.accounts.append({ account, expected: chain, event: makeEvent(4) })).toBe('moved');

      let steps = 0;
      while ((await store.vaults.removeForsaken(5, 1)) > 0) steps++;
      expect(steps).toBeGreaterThan(2);
      const gone = await store.objects.removeExpired(5, 100);
      expect(gone.map(({ id }) => id).sort()).toEqual([kept.id, listed.id, loose.id].sort());
      while ((await store.vaults.removeForsaken(5, 1)) > 0) steps++;
      expect(await store.vaults.state(vault)).toBeNull();
      expect(await store.vaults.entries(vault, 0, plenty, false)).toEqual([]);
      expect((await store.objects.find(stays, [object.id])).has(object.id)).toBe(true);
      expect((await store.vaults.state(stays))?.head.seq).toBe(1);
      const again = { email: `${account}@x`, record: record(), events, now: 0 };
      expect(await store.accounts.create({ ...again, account: newId<AccountId>(random) })).toBe('done');
    });

    it('keeps no session of an account that is removed just then, and nothing of it because of one', async () => {
      const session = { tokenHash: bytes(32), account, devicePublic: bytes(32), expires: later };
      await Promise.all([store.accounts.remove(account), store.sessions.put(session)]);
      expect(await store.sessions.find(session.tokenHash)).toBeNull();
      while ((await store.vaults.removeForsaken(5, 100)) > 0);
      expect(await store.vaults.state(vault)).toBeNull();
      await store.sessions.put(session);
      expect(await store.sessions.find(session.tokenHash)).toBeNull();
    });

    it('forgets a vault that its account removes, takes nothing for it any more, and keeps the others', async () => {
      const [kept, listed] = [makeObject(), makeObject()];
      await add([kept, listed]);
      await append(makeRow(2, { retained: [kept.id] }));
      const checkpoint = { body: bytes(100), signature: bytes(64), box: bytes(100), pages: [listed.id] };
      await store.vaults.putCheckpoint(vault, 2, checkpoint, 2 * later);
      const stays: VaultId = newId(random);
      const change = { account, expected: chain, event: makeEvent(4) };
      expect(await store.vaults.create(change, stays, makeRow(1, {}, bytes(100)), 0)).toBe('done');
      const object = makeObject(300);
      await store.objects.add(stays, [object], { quota: null, unreferencedUntil: later });

      expect(await store.vaults.remove(newId(random), vault)).toBe('missing');
      expect(await store.vaults.remove(account, newId(random))).toBe('missing');
      expect(await store.vaults.removeForsaken(5, 100)).toBe(0);
      expect(await store.vaults.remove(account, vault)).toBe('done');
      expect(await store.vaults.remove(account, vault)).toBe('missing');
      expect((await store.vaults.ofAccount(account)).map(({ vault: id }) => id)).toEqual([stays]);
      expect((await store.vaults.state(vault))?.account).not.toBe(account);
      expect(await store.accounts.used(account)).toBe(1324);
      expect(await store.accounts.pending(account)).toBe(1324);

      const asked = [makeObject()];
      expect(await add(asked)).toEqual({ status: 'missing' });
      expect(await append(makeRow(3), { objects: asked })).toEqual({ status: 'missing' });
      expect(await store.vaults.putCheckpoint(vault, 3, checkpoint, later)).toEqual({ status: 'missing' });
      expect(await isHeld((asked[0] as NewObject).id)).toBe(false);
      expect(await store.vaults.deviceSeq(vault, newId(random))).toBe(0);

      let steps = 0;
      const collect = async () => {
        while ((await store.vaults.removeForsaken(5, 1)) > 0) steps++;
      };
      await collect();
      expect(steps).toBeGreaterThan(1);
      const gone = await store.objects.removeExpired(5, 100);
      expect(gone.map(({ id }) => id).sort()).toEqual([kept.id, listed.id].sort());
      await collect();
      expect(await store.vaults.state(vault)).toBeNull();
      expect(await add(asked)).toEqual({ status: 'missing' });
      expect(await store.vaults.remove(account, vault)).toBe('missing');
      expect(await store.accounts.used(account)).toBe(1324);
      expect((await store.objects.find(stays, [object.id])).has(object.id)).toBe(true);
      expect(await store.accounts.head(account)).toEqual(headOf(change.event));
    });

    it('leaves an id to who was first, and says so', async () => {
      const first = makeObject();
      const second = { ...makeObject(), id: first.id };
      expect(await add([first])).toEqual({ status: 'done', spare: [] });
      expect(await add([second, makeObject()])).toEqual({ status: 'done', spare: [second] });
      const [twice, again] = [makeObject(), makeObject()];
      const same = { ...again, id: twice.id };
      expect(await add([twice, same])).toEqual({ status: 'done', spare: [same] });
      expect((await store.objects.find(vault, [twice.id])).get(twice.id)).toEqual(twice.place);
      expect((await store.objects.find(vault, [first.id])).get(first.id)).toEqual(first.place);
    });

    it('postpones the end of an object that is put again, and never brings it nearer', async () => {
      const object = makeObject();
      await add([object]);
      await add([object], null, 5 * later);
      await add([object], null, 3 * later);
      expect(await store.objects.removeExpired(4 * later, 10)).toEqual([]);
    });

    it('records all or nothing within the quota', async () => {
      const refused = [makeObject(), makeObject()];
      expect(await add(refused, 12_047)).toEqual({ status: 'quota' });
      for (const { id } of refused) expect(await isHeld(id)).toBe(false);
      expect(await store.accounts.used(account)).toBe(0);
      expect(await add([makeObject(), makeObject()], 12_048)).toMatchObject({ status: 'done' });
      const row = makeRow(2);
      expect(await append(row, { objects: [makeObject()], quota: 12_048 })).toEqual({ status: 'quota' });
      expect(await append(row, { quota: 12_048 })).toEqual({ status: 'done' });
    });

    it('lets who is over a quota that became smaller go on with what takes no room', async () => {
      await add([makeObject()]);
      expect(await append(makeRow(2), { quota: 1000 })).toEqual({ status: 'done' });
    });

    it('knows and moves places', async () => {
      const [one, two, alone] = [makeObject(100, 52), makeObject(200, 200), makeObject()];
      const file = one.place.file;
      const placed = { id: two.id, place: { ...two.place, file } };
      await add([placed, one, alone]);
      expect((await store.objects.packs()).filter((pack) => pack.file === file)).toEqual([{ file, bytes: 300 }]);
      const inFile = async (after = 0, limit = 10) =>
        (await store.objects.inFile(file, after, limit)).map(({ id }) => id);
      expect(await inFile()).toEqual([one.id, two.id]);
      expect(await inFile(0, 1)).toEqual([one.id]);
      expect(await inFile(52)).toEqual([two.id]);
      expect(await inFile(200)).toEqual([]);
      expect(await store.objects.inFile(alone.place.file, -1, 10)).toEqual([]);
      const to = { file: nextFile++, offset: 52, length: 100, crc: 1 };
      const key = { vault, id: one.id };
      await store.objects.move([{ key, from: { ...one.place, offset: 99 }, to }]);
      expect(await inFile()).toHaveLength(2);
      await store.objects.move([{ key, from: one.place, to }]);
      expect((await store.objects.find(vault, [one.id])).get(one.id)).toEqual(to);
      expect(
        await store.objects.isPlaced([
          { key, file },
          { key, file: to.file },
          { key: { vault, id: newId(random) }, file },
        ]),
      ).toEqual([false, true, false]);
    });
  });
}

contract('metadata in memory', async () => createMemoryMetadata());
contract('metadata in SQLite', async () => openSqliteMetadata(join(await tempFolder('metadata'), 'meta.db')));

describe('metadata in SQLite, opened again', () => {
  it('counts starts and keeps its secret', async () => {
    const path = join(await tempFolder('metadata'), 'meta.db');
    const first = openSqliteMetadata(path);
    const { start, secret } = first;
    await first.close();
    const second = openSqliteMetadata(path);
    expect(second.start).toBe(start + 1);
    expect(second.secret).toEqual(secret);
    await second.close();
  });

  it('has what was asked for last before it was closed', async () => {
    const path = join(await tempFolder('metadata'), 'meta.db');
    const first = openSqliteMetadata(path);
    const account = newId<AccountId>(random);
    const made = first.accounts.create({
      account,
      email: 'a@x',
      record: { body: bytes(9), signature: bytes(64) },
      events: [makeEvent(1)],
      now: 0,
    });
    await first.close();
    expect(await made).toBe('done');
    const second = openSqliteMetadata(path);
    expect(await second.accounts.byEmail('a@x')).toBe(account);
    await second.close();
  });

  it('counts what is in packs by an index alone, also in a database of before', async () => {
    const path = join(await tempFolder('meta'), 'meta.db');
    await openSqliteMetadata(path).close();
    const plan = (): string => {
      const db = new Database(path);
      const steps = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${bytesInPacks}`).all();
      db.close();
      return steps.map(({ detail }) => detail).join();
    };
    const made = plan();
    expect(made).toContain('COVERING INDEX');
    const db = new Database(path);
    db.exec('DROP INDEX objects_in_packs; CREATE INDEX objects_by_pack ON objects (file, length) WHERE offset > 0');
    db.close();
    await openSqliteMetadata(path).close();
    expect(plan()).toBe(made);
  });

  it('looks through no account and no vault that is there for what is left of those that are not', async () => {
    const path = join(await tempFolder('meta'), 'meta.db');
    await openSqliteMetadata(path).close();
    const db = new Database(path);
    db.exec('DROP INDEX accounts_removed');
    db.close();
    await openSqliteMetadata(path).close();
    const again = new Database(path);
    const steps = again.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${forsakenVaults}`).all();
    again.close();
    expect(steps.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SCAN accounts USING (?:COVERING )?INDEX accounts_removed$/),
      expect.stringMatching(/^SEARCH vaults USING COVERING INDEX vaults_by_account/),
    ]);
  });

  it('refuses a newer format and leaves it as it is', async () => {
    const path = join(await tempFolder('metadata'), 'meta.db');
    await openSqliteMetadata(path).close();
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openSqliteMetadata(path)).toThrow(expect.objectContaining({ kind: 'version' }));
  });
});
