import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AccountId, newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import type { NewObject, ObjectIndex } from '../../../src/server/metadata-store.ts';
import { createGroupCommit } from '../../../src/server/sqlite/group-commit.ts';
import { createObjectIndex, createObjectRecorder } from '../../../src/server/sqlite/object-index.ts';
import { idBlob } from '../../../src/server/sqlite/rows.ts';
import { schema } from '../../../src/server/sqlite/schema.ts';
import { random } from '../../helpers/test-account.ts';

let db: Database.Database;
let index: ObjectIndex;
let vault: VaultId;
/** Syncs of the log that were asked for; each ends when it is told to. */
let syncs: PromiseWithResolvers<void>[];

beforeEach(() => {
  db = new Database(':memory:');
  db.exec(schema);
  vault = newId(random);
  const account = idBlob(newId<AccountId>(random));
  const hash = Buffer.alloc(32);
  db.prepare('INSERT INTO accounts VALUES (?, ?, ?, ?, 0, ?, 0, 0)').run(account, 'a@x', hash, hash, hash);
  db.prepare('INSERT INTO vaults VALUES (1, ?, ?, 0, ?, 0, 0, 0, 0, 0, 0)').run(idBlob(vault), account, hash);
  syncs = [];
  const commits = createGroupCommit(db, () => {
    const sync = Promise.withResolvers<void>();
    syncs.push(sync);
    return sync.promise;
  });
  index = createObjectIndex(db, commits, createObjectRecorder(db));
});
afterEach(() => db.close());

const makeObject = (): NewObject => ({
  id: newId<ObjectId>(random),
  place: { file: 1, offset: 0, length: 100, crc: 1 },
});
const add = (object: NewObject) => index.add(vault, [object], { quota: null, unreferencedUntil: 1 });
const find = async (...objects: NewObject[]) => [
  ...(
    await index.find(
      vault,
      objects.map(({ id }) => id),
    )
  ).keys(),
];

it('an object whose record is not durable yet is told of once it is; all others at once', async () => {
  const [old, fresh] = [makeObject(), makeObject()];
  const adding = [add(old)];
  while (syncs.length < 1) await turn();
  syncs[0]?.resolve();
  await Promise.all(adding);

  const added = add(fresh);
  while (syncs.length < 2) await turn();
  expect(await find(old)).toEqual([old.id]);
  const told: string[] = [];
  const finding = find(old, fresh).then((ids) => told.push(...ids));
  while (syncs.length < 3) await turn();
  for (let i = 0; i < 5; i++) await turn();
  expect(told).toEqual([]);
  for (const sync of syncs) sync.resolve();
  await Promise.all([added, finding]);
  expect(told).toEqual([old.id, fresh.id]);

  expect(await find(old, fresh)).toEqual([old.id, fresh.id]);
  expect(syncs).toHaveLength(3);
});
