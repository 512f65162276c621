import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NodeId, rootNode } from '../../../src/common/ids.ts';
import { nameKey } from '../../../src/common/name.ts';
import type { Index, IndexReader, IndexWriter, LocalRow, VaultRow } from '../../../src/db/index-port.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { localKey } from '../../../src/model/local-name-rules.ts';
import type { SyncedNode } from '../../../src/model/node.ts';
import {
  gone,
  isDiverged,
  live,
  local,
  macRules,
  node,
  remote,
  revision,
  stamp,
  synced,
} from '../../contract/index-fixtures.ts';

/** The index as three maps. */
interface Model {
  readonly local: Map<NodeId, LocalRow>;
  readonly vault: Map<NodeId, VaultRow>;
  readonly synced: Map<NodeId, SyncedNode>;
}

type Step = (model: Model, write: IndexWriter | null, read: IndexReader) => void;

const ids = Array.from({ length: 8 }, (_, n) => node(n + 1));
const anId = fc.constantFrom(...ids);
const aParent = fc.constantFrom(rootNode, ...ids);
const aName = fc.constantFrom('a', 'A', 'é', 'e\u0301', 'Straße', 'b');
const aKind = fc.constantFrom('file' as const, 'folder' as const);
const aRevision = fc.constantFrom(null, revision(1), revision(2));
const aNode = fc.record({ id: anId, parent: aParent, name: aName, kind: aKind, revision: aRevision, size: fc.nat(99) });
const placed = aNode.filter(({ id, parent }) => id !== parent);

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(placed, fc.nat(3)).map(([some, ino]): Step => {
    const row = local({ ...some, ino });
    return (model, write) => {
      model.local.set(row.id, row);
      write?.putLocal(row);
    };
  }),
  anId.map(
    (id): Step =>
      (model, write) => {
        model.local.delete(id);
        write?.removeLocal(id);
      },
  ),
  fc.tuple(placed, fc.nat(9)).map(([some, seq]): Step => {
    const row = remote(some);
    return (model, write) => {
      model.vault.set(row.id, live(row, stamp(seq)));
      write?.putVaultRow(live(row, stamp(seq)));
    };
  }),
  fc.tuple(anId, fc.nat(9)).map(
    ([id, seq]): Step =>
      (model, write) => {
        const row = model.vault.get(id);
        if (row === undefined) return;
        model.vault.set(id, gone(row, stamp(seq)));
        write?.putVaultRow(gone(row, stamp(seq)));
      },
  ),
  placed.map((some): Step => {
    const row = synced({ ...some, localName: `${some.name}~` });
    return (model, write) => {
      const { size, ...rest } = row as SyncedNode & { size?: number };
      model.synced.set(row.id, rest);
      write?.putSynced(rest);
    };
  }),
  fc.tuple(placed, aParent).map(([some, other]): Step => {
    const row = local(some);
    const parent = other === some.id ? some.parent : other;
    const { size: _, ...agreed } = synced({ ...some, parent }) as SyncedNode & { size?: number };
    return (model, write) => {
      model.local.set(row.id, row);
      model.synced.set(agreed.id, agreed);
      write?.putAgreed(row, agreed);
    };
  }),
  fc
    .tuple(placed, aParent, fc.constantFrom('made', 'kept', 'gone'), fc.nat(9), fc.boolean())
    .map(([some, other, what, seq, isDeleted]): Step => {
      const row = { ...remote(some), ...stamp(seq), isDeleted };
      const parent = other === some.id ? some.parent : other;
      const { size: _, ...made } = synced({ ...some, parent }) as SyncedNode & { size?: number };
      return (model, write) => {
        const before = model.synced.get(row.id) ?? null;
        const after = what === 'kept' ? before : what === 'gone' ? null : made;
        model.vault.set(row.id, row);
        if (after === null) model.synced.delete(row.id);
        else model.synced.set(row.id, after);
        write?.putSettled(row, (former) => {
          expect(former).toEqual(before);
          return what === 'kept' ? former : after;
        });
      };
    }),
  anId.map(
    (id): Step =>
      (model, write) => {
        model.synced.delete(id);
        write?.removeSynced(id);
      },
  ),
  fc.tuple(anId, anId).map(
    ([from, to]): Step =>
      (model, write) => {
        const row = model.local.get(from);
        const isFree = row !== undefined && !model.local.has(to) && !model.vault.has(from) && !model.synced.has(from);
        if (!isFree || row.parent === to) return;
        model.local.delete(from);
        model.local.set(to, { ...row, id: to });
        for (const child of [...model.local.values()]) {
          if (child.parent === from) model.local.set(child.id, { ...child, parent: to });
        }
        write?.adopt(from, to);
      },
  ),
);

/** What is read is kept for a while. */
const look = fc.tuple(anId, fc.constantFrom('based' as const, 'new' as const)).map(
  ([id, which]): Step =>
    (model, _, read) => {
      for (const each of read.divergedRows(which)) expect(each.local).toEqual(model.local.get(each.id) ?? null);
      expect(read.vaultRow(id)).toEqual(model.vault.get(id) ?? null);
    },
);

const transactions = fc.array(
  fc.record({
    steps: fc.array(fc.oneof({ weight: 9, arbitrary: steps }, { weight: 2, arbitrary: look }), {
      minLength: 1,
      maxLength: 8,
    }),
    isAborted: fc.boolean(),
    replay: fc.constantFrom('begins' as const, 'ends' as const, null),
  }),
  { maxLength: 12 },
);

const sorted = <T extends { id: NodeId }>(rows: Iterable<T>): T[] =>
  [...rows].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

test('whatever is written, the index answers as three maps do', () => {
  fc.assert(
    fc.property(transactions, (history) => {
      const index = openIndex(':memory:', { rules: macRules, isDiverged });
      let model: Model = { local: new Map(), vault: new Map(), synced: new Map() };
      for (const { steps: some, isAborted, replay } of history) {
        const next: Model = {
          local: new Map(model.local),
          vault: new Map(model.vault),
          synced: new Map(model.synced),
        };
        try {
          index.transaction((write) => {
            if (replay === 'begins') write.beginVaultReplay();
            for (const step of some) step(next, write, index.read);
            if (replay === 'ends') write.endVaultLoad();
            if (isAborted) throw new Error('aborted');
          });
          model = next;
        } catch (error) {
          if (!isAborted) throw error;
        }
      }
      // A replay may still be going on; a copy is opened as after a crash in the middle.
      const copy = openIndex(index.bytes(), { rules: macRules, isDiverged });
      for (const each of [index, copy]) expectSame(each, model);
      copy.close();
      index.close();
    }),
    { numRuns: 150 },
  );
});

function expectSame(index: Index, model: Model): void {
  const { read } = index;
  expect(sorted(read.locals())).toEqual(sorted(model.local.values()));
  expect([...read.vaultRows()]).toEqual(sorted(model.vault.values()));
  expect(sorted(read.synceds())).toEqual(sorted(model.synced.values()));
  const live = (id: NodeId) => (model.vault.get(id)?.isDeleted === false ? (model.vault.get(id) ?? null) : null);
  const diverged = ids.filter((id) => {
    const rows = [model.local.get(id) ?? null, live(id), model.synced.get(id) ?? null] as const;
    return rows.some((row) => row !== null) && isDiverged(...rows);
  });
  const folderOf = (id: NodeId) => (model.vault.get(id) ?? model.local.get(id) ?? model.synced.get(id))?.parent;
  for (const which of ['based', 'new'] as const) {
    const rows = [...read.divergedRows(which)];
    const wanted = diverged.filter((id) => model.synced.has(id) === (which === 'based'));
    expect(rows.map(({ id }) => id).sort()).toEqual(wanted);
    expect([...read.diverged(which)].sort()).toEqual(wanted);
    const folders = rows.map(({ id }) => folderOf(id));
    const turns = folders.filter((folder, at) => folder !== folders[at - 1]);
    expect(turns, 'folder by folder').toEqual([...new Set(folders)]);
    for (const { id, local, vault, synced } of rows) {
      const { local: l, vault: v, synced: s } = model;
      expect([local, vault, synced]).toEqual([l, v, s].map((rows) => rows.get(id) ?? null));
    }
  }
  for (const id of [rootNode, ...ids]) {
    const { local, vault, synced } = read.rowsOf(id);
    expect(local).toEqual(model.local.get(id) ?? null);
    expect(vault).toEqual(model.vault.get(id) ?? null);
    expect(synced).toEqual(model.synced.get(id) ?? null);
  }
  const inodes = new Set([...model.local.values()].map(({ ino }) => ino));
  const some = [0, 1, 2, 3, 2 ** 53 - 1];
  expect(read.knownInodes(some)).toEqual(new Set(some.filter((ino) => inodes.has(ino))));
  for (const id of ids) {
    expect(read.localRow(id)).toEqual(model.local.get(id) ?? null);
    expect(read.vaultRow(id)).toEqual(model.vault.get(id) ?? null);
    expect(read.synced(id)).toEqual(model.synced.get(id) ?? null);
  }
  for (const parent of [rootNode, ...ids]) {
    const below = [...model.local.values()].filter((row) => row.parent === parent);
    expect(sorted(read.localChildren(parent))).toEqual(sorted(below));
    const named = below.filter((row) => localKey(row.name, macRules) === localKey('É', macRules));
    expect(named.length > 0).toBe(read.localByName(parent, 'É') !== null);
    const inVault = [...model.vault.values()].filter((row) => row.parent === parent && !row.isDeleted);
    expect(sorted(read.remoteChildren(parent))).toEqual(sorted(inVault));
    const twin = inVault.filter((row) => nameKey(row.name) === 'é');
    expect(twin.length > 0).toBe(read.remoteByName(parent, 'é') !== null);
  }
  expect(sorted(read.localByIdentity(1, 2))).toEqual(sorted([...model.local.values()].filter((r) => r.ino === 2)));
  expect(read.counts()).toMatchObject({
    localNodes: model.local.size,
    remoteNodes: [...model.vault.values()].filter((row) => !row.isDeleted).length,
    deletedNodes: [...model.vault.values()].filter((row) => row.isDeleted).length,
    diverged: diverged.length,
  });
  // Random trees break what a caller owes (folders, cycles, unique names); the rest is the index's own.
  expect(index.integrityCheck().filter((text) => !/below|siblings/.test(text))).toEqual([]);
}
