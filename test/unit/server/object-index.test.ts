import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AccountId, type DeviceId, newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { createGroupCommit, type GroupCommit } from '../../../src/server/sqlite/group-commit.ts';
import { createObjectIndex, createObjectRecorder } from '../../../src/server/sqlite/object-index.ts';
import { openSqliteMetadata } from '../../../src/server/sqlite/sqlite-metadata-store.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { bytes, random } from '../../helpers/test-account.ts';

const vault = newId<VaultId>(random);
const account = newId<AccountId>(random);

async function makeVault(path: string): Promise<void> {
  const store = openSqliteMetadata(path);
  const signed = { body: bytes(9), signature: bytes(64) };
  const event = (seq: number) => ({
    seq,
    hash: bytes(32),
    event: bytes(9),
    signature: bytes(64),
    deviceSignature: null,
  });
  const first = event(1);
  await store.accounts.create({ account, email: 'a@x', record: signed, events: [first], now: 0 });
  const entry = {
    header: bytes(9),
    signature: bytes(64),
    ciphertext: bytes(9),
    retained: [],
    released: [],
  };
  const row = {
    seq: 1,
    hash: bytes(32),
    device: newId<DeviceId>(random),
    deviceSeq: 1,
    epoch: 1,
    accountPosition: 2,
    entry,
    grants: bytes(9),
  };
  await store.vaults.create({ account, expected: first, event: event(2) }, vault, row, 0);
  await store.close();
}
const makeObject = () => ({
  id: newId<ObjectId>(random),
  place: { file: 7, offset: 0, length: 300_000, crc: 1 },
});

let db: Database.Database;
let commits: GroupCommit;
/** What the disk is asked to make durable, in turn. */
let syncs: PromiseWithResolvers<void>[];
beforeEach(async () => {
  const path = join(await tempFolder('index'), 'meta.db');
  await makeVault(path);
  db = new Database(path);
  db.pragma('journal_mode = WAL');
  syncs = [];
  commits = createGroupCommit(db, () => {
    const sync = Promise.withResolvers<void>();
    syncs.push(sync);
    return sync.promise;
  });
});
afterEach(() => db.close());

/** All that is due now but what waits for the disk. */
const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

it('does not answer that an object is held before that is durable, whoever asks', async () => {
  const index = createObjectIndex(db, commits, createObjectRecorder(db));
  const [one, other, unknown] = [makeObject(), makeObject(), makeObject()];
  const done: string[] = [];
  const note = (what: string) => () => void done.push(what);
  const add = (object: typeof one) => index.add(vault, [object], { quota: null, unreferencedUntil: 1 });
  const first = add(other);
  await turn();
  syncs.shift()?.resolve();
  await expect(first).resolves.toEqual({ status: 'done', spare: [] });

  const adding = add(one).then(note('added'));
  await turn();
  const finding = index.find(vault, [other.id, one.id]).then(note('found'));
  const again = index.find(vault, [other.id, unknown.id]);
  await expect(again.then((found) => [...found.keys()])).resolves.toEqual([other.id]);
  await turn();
  expect([done, syncs.length]).toEqual([[], 2]);
  syncs[1]?.resolve();
  await finding;
  expect(done).toEqual(['found']);
  syncs[0]?.resolve();
  await adding;
  await expect(index.find(vault, [one.id])).resolves.toEqual(new Map([[one.id, one.place]]));
  expect(syncs.length).toBe(2);
});
