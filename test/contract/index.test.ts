import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rootNode } from '../../src/common/ids.ts';
import type { Index, IndexWriter } from '../../src/db/index-port.ts';
import { openIndex } from '../../src/db/open-index.ts';
import { tempFolder } from '../helpers/temp.ts';
import {
  chunk,
  device,
  diverged,
  gone,
  isDiverged,
  linuxRules,
  live,
  local,
  macRules,
  node,
  object,
  remote,
  revision,
  stamp,
  synced,
  version,
} from './index-fixtures.ts';

const folder = { kind: 'folder', revision: null, size: 0 } as const;

for (const where of ['file', ':memory:'] as const) {
  describe(`index in ${where}`, () => {
    let home: string;
    let index: Index;
    const open = (rules = linuxRules) =>
      openIndex(where === 'file' ? join(home, 'index.db') : where, { rules, isDiverged });
    beforeEach(async () => {
      home = await tempFolder('index');
      index = open();
    });
    afterEach(() => {
      expect(index.integrityCheck()).toEqual([]);
      index.close();
    });

    test('its bytes open as the same index in memory, and the two go their own ways', () => {
      index.transaction((write) => write.putLocal(local({ id: node(1) })));
      const copy = openIndex(index.bytes(), { rules: linuxRules, isDiverged });
      copy.transaction((write) => write.putLocal(local({ id: node(2), name: 'b.txt' })));
      expect([...copy.read.locals()].map(({ id }) => id)).toEqual([node(1), node(2)]);
      expect([...index.read.locals()].map(({ id }) => id)).toEqual([node(1)]);
      expect(copy.integrityCheck()).toEqual([]);
      copy.close();
    });

    test('what comes in one load is as what comes row after row', () => {
      const row = (n: number, change: object = {}) => ({
        ...remote({ id: node(n), revision: revision(n) }),
        ...stamp(n),
        isDeleted: false,
        ...change,
      });
      index.transaction((write) => write.beginVaultLoad());
      // Children before their folder, a deleted one, two versions of one file, and a local row beside them.
      index.transaction((write) => {
        write.putVaultRow(row(1, { parent: node(9), name: 'one' }));
        write.addRevision(version(1, node(1), 1));
        write.addRevision(version(5, node(1), 5));
        write.putVaultRow(row(2, { parent: node(9), name: 'two', isDeleted: true }));
        write.addRevision(version(2, node(2), 2));
      });
      index.transaction((write) => {
        write.putLocal(local({ id: node(3) }));
        write.putVaultRow(row(9, { ...folder, name: 'folder' }));
      });
      index.transaction((write) => write.endVaultLoad());
      const { read } = index;
      expect(read.remoteByName(node(9), 'one')?.id).toBe(node(1));
      expect(read.remoteChildren(rootNode).map(({ id }) => id)).toEqual([node(9)]);
      expect(read.deletedChildren(node(9)).map(({ id }) => id)).toEqual([node(2)]);
      expect([...read.deleted()].map(({ id }) => id)).toEqual([node(2)]);
      expect(read.revisionsOf(node(1)).map((each) => each.revision)).toEqual([revision(5), revision(1)]);
      expect(read.revision(revision(2))?.node).toBe(node(2));
      expect(read.counts()).toMatchObject({ remoteNodes: 2, deletedNodes: 1, localNodes: 1 });
    });

    test('a load that is given up leaves nothing of the vault, and one that is rolled back has not begun', () => {
      const inVault = { ...remote({ id: node(1), parent: node(9) }), ...stamp(1), isDeleted: false };
      const begin = () =>
        index.transaction((write) => {
          write.beginVaultLoad();
          throw new Error('no');
        });
      expect(begin).toThrow('no');
      index.transaction((write) => write.putLocal(local({ id: node(2) })));
      index.transaction((write) => write.beginVaultLoad());
      index.transaction((write) => {
        write.putVaultRow(inVault);
        write.addRevision(version(1, node(1), 1));
      });
      const end = () =>
        index.transaction((write) => {
          write.endVaultLoad();
          throw new Error('no');
        });
      expect(end).toThrow('no');
      index.transaction((write) => write.forgetVault());
      expect(index.read.counts()).toMatchObject({ remoteNodes: 0, deletedNodes: 0, localNodes: 1 });
      expect([...index.read.vaultRows()]).toEqual([]);
      expect(index.read.revision(revision(1))).toBeNull();
      index.transaction((write) => {
        write.putVaultRow({ ...inVault, parent: rootNode });
        write.addRevision(version(1, node(1), 2));
      });
      expect(index.read.revisionsOf(node(1)).map((each) => each.seq)).toEqual([2]);
    });

    test('a replay finds what came, and what was there, as ever', () => {
      const { read } = index;
      const inVault = (n: number, change: object = {}) => ({
        ...remote({ id: node(n), revision: revision(n) }),
        ...stamp(n),
        isDeleted: false,
        ...change,
      });
      const expectAll = ({ read }: Pick<Index, 'read' | 'integrityCheck'>) => {
        expect(read.localRow(node(7))?.id).toBe(node(7));
        expect(read.localChildren(rootNode).map(({ id }) => id)).toEqual([node(7)]);
        expect(read.vaultRow(node(1))?.parent).toBe(node(9));
        expect(read.vaultRow(node(3))).toBeNull();
        expect(read.remote(rootNode)).toBeNull();
        expect(read.remoteByName(node(9), 'one')?.id).toBe(node(1));
        expect(read.remoteByName(rootNode, 'folder')?.id).toBe(node(9));
        expect(read.remoteByName(node(3), 'one')).toBeNull();
        expect(read.remoteChildren(node(9)).map(({ id }) => id)).toEqual([node(1)]);
        expect(read.deletedChildren(node(9)).map(({ id }) => id)).toEqual([node(2)]);
        expect(read.revision(revision(1))?.node).toBe(node(1));
        expect(read.revision(revision(2))).toBeNull();
        expect(read.revision(revision(6))).toBeNull();
        expect(read.revisionsOf(node(1)).map((each) => each.revision)).toEqual([revision(1)]);
        expect(read.currentManifest(node(1))).not.toBeNull();
        expect(read.manifest(revision(1))).toEqual(read.currentManifest(node(1)));
        expect(read.counts()).toMatchObject({ remoteNodes: 2, deletedNodes: 1, localNodes: 1 });
      };
      index.transaction((write) => write.putLocal(local({ id: node(7), name: 'here' })));
      index.transaction((write) => write.beginVaultReplay());
      index.transaction((write) => {
        write.putVaultRow(inVault(9, { ...folder, name: 'folder' }));
        write.putVaultRow(inVault(1, { parent: node(9), name: 'one' }));
        write.addRevision(version(1, node(1), 1));
        write.putVaultRow(inVault(2, { parent: node(9), name: 'two' }));
        write.addRevision(version(2, node(2), 2));
      });
      const undone = () =>
        index.transaction((write) => {
          write.putVaultRow(inVault(3, { name: 'three' }));
          write.addRevision(version(6, node(3), 6));
          throw new Error('no');
        });
      expect(undone).toThrow('no');
      index.transaction((write) => {
        write.putVaultRow(inVault(2, { parent: node(9), name: 'two', isDeleted: true }));
        write.removeRevisions([revision(2)]);
      });
      expectAll(index);
      // As after a crash in the middle.
      const copy = openIndex(index.bytes(), { rules: linuxRules, isDiverged });
      expectAll(copy);
      expect(copy.integrityCheck()).toEqual([]);
      copy.close();
      const end = () =>
        index.transaction((write) => {
          write.endVaultLoad();
          throw new Error('no');
        });
      expect(end).toThrow('no');
      expectAll(index);
      index.transaction((write) => write.endVaultLoad());
      expectAll(index);
      expect(index.integrityCheck()).toEqual([]);
      const begin = () =>
        index.transaction((write) => {
          write.beginVaultReplay();
          write.putVaultRow(inVault(3, { name: 'three' }));
          throw new Error('no');
        });
      expect(begin).toThrow('no');
      index.transaction((write) => write.putVaultRow(inVault(4, { name: 'four' })));
      expect(read.vaultRow(node(3))).toBeNull();
      expect(read.vaultRow(node(4))?.name).toBe('four');
      expect(index.integrityCheck()).toEqual([]);
    });

    test('while a log is replayed, what was undone is found again where it is made anew', () => {
      const { read } = index;
      index.transaction((write) => write.beginVaultReplay());
      const undone = () =>
        index.transaction((write) => {
          for (const n of [1, 2]) write.putVaultRow(live(remote({ id: node(n), name: `${n}` }), stamp(1)));
          expect(read.vaultRow(node(2))?.name).toBe('2');
          throw new Error('no');
        });
      expect(undone).toThrow('no');
      index.transaction((write) => {
        write.putVaultRow(live(remote({ id: node(2), name: 'again' }), stamp(1)));
        expect(read.vaultRow(node(2))?.name).toBe('again');
      });
      index.transaction((write) => write.endVaultLoad());
      expect(index.integrityCheck()).toEqual([]);
    });

    test('rows of the three trees come back as they were put', () => {
      const onDisk = local({
        id: node(1),
        name: 'É.txt',
        ino: 2 ** 60,
        dev: 2 ** 63,
        differsFrom: revision(9),
        exec: true,
      });
      const inVault = remote({ id: node(1), name: 'E\u0301.txt', size: 2 ** 45 });
      const agreed = synced({ id: node(1), name: 'E\u0301.txt', localName: 'É.txt' });
      index.transaction((write) => {
        write.putLocal(onDisk);
        write.putVaultRow(live(inVault, stamp(7)));
        write.putSynced(agreed);
      });
      expect(index.read.localRow(node(1))).toEqual(onDisk);
      expect(index.read.localByIdentity(2 ** 63, 2 ** 60)).toEqual([onDisk]);
      expect(index.read.knownInodes([2 ** 60, 1])).toEqual(new Set([2 ** 60]));
      expect(index.read.vaultRow(node(1))).toEqual({ ...inVault, ...stamp(7), isDeleted: false });
      expect(index.read.remote(node(1))).toMatchObject(inVault);
      expect(index.read.synced(node(1))).toEqual(agreed);
      expect(index.read.local(node(2))).toBeNull();
      expect(index.read.local(rootNode)).toBeNull();
    });

    test('what is on a volume is known by the number that the volume has now', () => {
      index.transaction((write) => {
        write.putLocal(local({ id: node(1), name: 'a', dev: 5, ino: 1 }));
        write.putLocal(local({ id: node(2), name: 'b', dev: 6, ino: 1 }));
      });
      const version = index.read.localVersion();
      index.transaction((write) => write.renumberVolume(5, 7));
      expect(index.read.localByIdentity(7, 1).map(({ id }) => id)).toEqual([node(1)]);
      expect(index.read.localByIdentity(6, 1).map(({ id }) => id)).toEqual([node(2)]);
      expect(index.read.localByIdentity(5, 1)).toEqual([]);
      expect(index.read.rowsOf(node(1)).local?.dev).toBe(7);
      expect(index.read.localVersion()).not.toBe(version);
    });

    test('children and names are found in either order of parents and children', () => {
      index.transaction((write) => {
        write.putLocal(local({ id: node(2), parent: node(1), name: 'b' }));
        write.putVaultRow(live(remote({ id: node(2), parent: node(1), name: 'E\u0301' }), stamp(1)));
        write.putSynced(synced({ id: node(2), parent: node(1) }));
        write.putLocal(local({ id: node(1), ...folder, name: 'dir' }));
        write.putVaultRow(live(remote({ id: node(1), ...folder, name: 'dir' }), stamp(1)));
        write.putSynced(synced({ id: node(1), ...folder, name: 'dir' }));
      });
      expect(index.read.localChildren(rootNode).map((row) => row.id)).toEqual([node(1)]);
      expect(index.read.localRowsOf(node(1)).map((row) => row.id)).toEqual([node(2)]);
      expect(index.read.remoteChildren(node(1)).map((row) => row.id)).toEqual([node(2)]);
      expect(index.read.syncedChildren(node(1)).map((row) => row.id)).toEqual([node(2)]);
      expect(index.read.localByName(node(1), 'b')?.id).toBe(node(2));
      expect(index.read.localByName(node(1), 'B')).toBeNull();
      expect(index.read.localRowsNamed(node(1), 'b').map((row) => row.id)).toEqual([node(2)]);
      expect(index.read.localRowsNamed(node(1), 'B')).toEqual([]);
      expect(index.read.remoteByName(node(1), 'É')?.id).toBe(node(2));
      expect(index.read.remoteByName(node(1), 'é')).toBeNull();
    });

    test('a node that is added is as one that is put, and can be changed at once', () => {
      index.transaction((write) => {
        write.addLocal(local({ id: node(1), ...folder, name: 'dir' }));
        write.addLocal(local({ id: node(2), parent: node(1), name: 'b', ino: 7 }));
        write.putLocal(local({ id: node(2), parent: node(1), name: 'c', ino: 7 }));
      });
      expect(index.read.localRowsOf(node(1))).toEqual([local({ id: node(2), parent: node(1), name: 'c', ino: 7 })]);
      expect(diverged(index)).toEqual([node(1), node(2)]);
      expect(index.read.counts().localNodes).toBe(2);
      expect(index.integrityCheck()).toEqual([]);
    });

    test('what diverges is gone through folder by folder, however it came', () => {
      index.transaction((write) => {
        for (let n = 1; n <= 3; n++) {
          const dir = { id: node(n), ...folder, name: `dir${n}` };
          write.putVaultRow(live(remote(dir), stamp(1)));
          write.putLocal(local({ ...dir, ino: n }));
        }
        // One folder after the other in turn, more than a page of each.
        for (let n = 10; n < 2110; n++) {
          const file = { id: node(n), parent: node(1 + (n % 3)), name: `f${n}` };
          if (n % 7 === 0) write.putLocal(local({ ...file, ino: n }));
          else write.putVaultRow(live(remote(file), stamp(2)));
        }
      });
      const parents = [...index.read.divergedRows('new')].map(({ local, vault }) => (vault ?? local)?.parent);
      expect(parents).toHaveLength(2103);
      const changes = parents.filter((parent, at) => parent !== parents[at - 1]);
      expect(changes).toEqual([rootNode, node(1), node(2), node(3)]);
      expect(new Set(diverged(index)).size).toBe(2103);
    });

    test('a row that was written changes the version of its tree, and no other', () => {
      const changedBy = (task: () => void): string[] => {
        const { localVersion, vaultVersion } = index.read;
        const [local, vault] = [localVersion(), vaultVersion()];
        task();
        return [...(localVersion() === local ? [] : ['local']), ...(vaultVersion() === vault ? [] : ['vault'])];
      };
      const changed = (change: (write: IndexWriter) => void): string[] => changedBy(() => index.transaction(change));
      expect(changed((write) => write.putLocal(local({ id: node(1) })))).toEqual(['local']);
      expect(changed((write) => write.putSynced(synced({ id: node(1) })))).toEqual([]);
      expect(changed((write) => write.putVaultRow(live(remote({ id: node(1) }), stamp(1))))).toEqual(['vault']);
      expect(changed((write) => write.putVaultRow(gone(index.read.vaultRow(node(1)), stamp(2))))).toEqual(['vault']);
      expect(changed((write) => write.removeLocal(node(1)))).toEqual(['local']);
      expect(changed((write) => write.forgetVault())).toEqual(['vault']);
      const undone = () => index.transaction(() => expect.fail('undone'));
      expect(changedBy(() => expect(undone).toThrow('undone'))).toEqual(['local', 'vault']);
    });

    test('what a plan has read is written as it is by then, also after what was undone', () => {
      const agreedOn = (write: IndexWriter) => write.putAgreed(local({ id: node(1) }), synced({ id: node(1) }));
      const plan = () =>
        (['based', 'new'] as const).flatMap((which) => [...index.read.divergedRows(which)].map(({ id }) => id));
      index.transaction((write) => write.putVaultRow(live(remote({ id: node(1) }), stamp(1))));
      expect(plan()).toEqual([node(1)]);
      index.transaction(agreedOn);
      expect(plan()).toEqual([]);
      index.transaction((write) => write.removeSynced(node(1)));
      expect(index.read.counts()).toMatchObject({ localNodes: 1, remoteNodes: 1, syncedFiles: 0, diverged: 1 });
      expect(index.integrityCheck()).toEqual([]);

      const undone = () =>
        index.transaction((write) => {
          write.removeLocal(node(1));
          expect(plan()).toEqual([node(1)]);
          throw new Error('no');
        });
      expect(undone).toThrow('no');
      index.transaction((write) => write.putSynced(synced({ id: node(1) })));
      expect(plan()).toEqual([]);
      expect(index.read.counts()).toMatchObject({ localNodes: 1, syncedFiles: 1, diverged: 0 });
      expect(index.integrityCheck()).toEqual([]);
    });

    test('what is written while a plan reads is not taken for what the plan will read', () => {
      index.transaction((write) => {
        for (const n of [1, 2]) write.putLocal(local({ id: node(n), name: `${n}` }));
      });
      for (const { id } of index.read.divergedRows('new')) {
        if (id === node(1))
          index.transaction((write) => write.putAgreed(local({ id: node(2), name: '2' }), synced({ id: node(2) })));
      }
      index.transaction((write) => write.removeLocal(node(2)));
      expect(index.read.counts()).toMatchObject({ localNodes: 1, syncedFiles: 1 });
      expect(index.read.rowsOf(node(2)).synced).not.toBeNull();
    });

    test('a deleted node keeps its last place, leaves the live names and comes back', () => {
      const deleted = { ...remote({ id: node(1) }), ...stamp(5), isDeleted: true };
      index.transaction((write) => {
        write.putVaultRow(live(remote({ id: node(1) }), stamp(1)));
        write.putVaultRow(live(remote({ id: node(2), name: 'other' }), stamp(2)));
        write.putVaultRow(gone(index.read.vaultRow(node(1)), stamp(5)));
        write.putVaultRow(gone(index.read.vaultRow(node(2)), stamp(4)));
      });
      expect(index.read.remote(node(1))).toBeNull();
      expect(index.read.vaultRow(node(1))).toEqual(deleted);
      expect(index.read.isTombstone(node(1))).toBe(true);
      expect(index.read.remoteByName(rootNode, 'a.txt')).toBeNull();
      expect(index.read.deletedChildren(rootNode).map((row) => row.id)).toEqual([node(1), node(2)]);
      expect([...index.read.deleted()].map((row) => row.id)).toEqual([node(1), node(2)]);
      expect(index.read.counts()).toMatchObject({ remoteNodes: 0, deletedNodes: 2, diverged: 0 });

      index.transaction((write) => write.putVaultRow({ ...deleted, revision: null }));
      expect(index.read.isTombstone(node(1))).toBe(false);
      index.transaction((write) => write.putVaultRow(live(remote({ id: node(1), name: 'back' }), stamp(6))));
      expect(index.read.remoteByName(rootNode, 'back')?.id).toBe(node(1));
      expect([...index.read.deleted()].map((row) => row.id)).toEqual([node(2)]);
    });

    test('the flag, the counts and the list of diverged nodes follow each change', () => {
      index.transaction((write) => write.putLocal(local({ id: node(1), size: 30 })));
      expect(diverged(index)).toEqual([node(1)]);
      expect(index.read.counts()).toMatchObject({ localNodes: 1, diverged: 1, bytesUp: 30, bytesDown: 0 });
      index.transaction((write) => {
        write.putVaultRow(live(remote({ id: node(1) }), stamp(1)));
        write.putSynced(synced({ id: node(1) }));
      });
      expect(diverged(index)).toEqual([]);
      expect(index.read.counts()).toMatchObject({ syncedFiles: 1, syncedFolders: 0, diverged: 0, bytesUp: 0 });
      index.transaction((write) =>
        write.putVaultRow(live(remote({ id: node(1), revision: revision(2), size: 70 }), stamp(2))),
      );
      expect(index.read.counts()).toMatchObject({ diverged: 1, bytesUp: 0, bytesDown: 70 });
    });

    test('adopt moves the local row, its children and husks to the id of the vault', () => {
      index.transaction((write) => {
        write.putVaultRow(live(remote({ id: node(9), ...folder, name: 'dir' }), stamp(1)));
        write.putLocal(local({ id: node(1), ...folder, name: 'dir' }));
        write.putLocal(local({ id: node(2), parent: node(1) }));
        write.addHusk(node(1), 'cache');
      });
      index.transaction((write) => write.adopt(node(1), node(9)));
      expect(index.read.local(node(1))).toBeNull();
      expect(index.read.localRow(node(9))).toEqual(local({ id: node(9), ...folder, name: 'dir' }));
      expect(index.read.localChildren(node(9)).map((row) => row.id)).toEqual([node(2)]);
      expect(index.read.husksOf(node(9))).toEqual(['cache']);
      expect(() => index.transaction((write) => write.adopt(node(9), node(1)))).toThrow(/vault knows/);
    });

    test('removed nodes leave nothing behind, parents before children or after', () => {
      const put = () =>
        index.transaction((write) => {
          write.putLocal(local({ id: node(1), ...folder, name: 'dir' }));
          write.putLocal(local({ id: node(2), parent: node(1) }));
          write.putSynced(synced({ id: node(2), parent: node(1) }));
        });
      for (const order of [
        [1, 2],
        [2, 1],
      ]) {
        put();
        index.transaction((write) => {
          for (const n of order) write.removeLocal(node(n));
        });
        expect(index.read.synced(node(2))?.parent).toBe(node(1));
        index.transaction((write) => write.removeSynced(node(2)));
        expect(index.read.counts()).toMatchObject({ localNodes: 0, syncedFiles: 0, diverged: 0 });
        expect(diverged(index)).toEqual([]);
      }
    });

    test('a transaction that throws changes nothing, nested ones join it', () => {
      index.transaction((write) => write.putLocal(local({ id: node(1) })));
      const before = index.read.counts();
      expect(() =>
        index.transaction((write) => {
          write.removeLocal(node(1));
          index.transaction((inner) => inner.putLocal(local({ id: node(2), name: 'b' })));
          throw new Error('stop');
        }),
      ).toThrow('stop');
      expect(index.read.counts()).toEqual(before);
      expect(index.read.local(node(1))).not.toBeNull();
      expect(index.read.local(node(2))).toBeNull();

      expect(() =>
        index.transaction((write) => {
          write.putLocal(local({ id: node(3), name: 'c' }));
          try {
            index.transaction(() => {
              throw new Error('inner');
            });
          } catch {}
        }),
      ).toThrow(/went on after a failure/);
      expect(index.read.local(node(3))).toBeNull();
    });

    test('a writer that outlives its transaction, and an async one, are refused', () => {
      const kept = index.transaction((write) => write);
      expect(() => kept.putLocal(local({ id: node(1) }))).toThrow(/outside of a transaction/);
      expect(() => index.transaction(async () => undefined)).toThrow(/cannot be async/);
    });

    test('revisions are listed newest first and the current manifest is found by node', () => {
      index.transaction((write) => {
        write.addRevision(version(1, node(1), 3));
        write.addRevision(version(2, node(1), 8));
        write.putVaultRow(live(remote({ id: node(1), revision: revision(2) }), stamp(8)));
      });
      const { manifest, ...info } = version(2, node(1), 8);
      expect(index.read.revisionsOf(node(1)).map((row) => row.revision)).toEqual([revision(2), revision(1)]);
      expect(index.read.revisionsOf(node(1))[0]).toEqual(info);
      expect(index.read.revision(revision(1))).toEqual(version(1, node(1), 3));
      expect(index.read.currentManifest(node(1))).toEqual(manifest);
      expect(index.read.manifest(revision(2))).toEqual(manifest);
      expect(index.read.manifest(revision(1))).toEqual(version(1, node(1), 3).manifest);
      index.transaction((write) => write.removeRevisions([revision(2), revision(7)]));
      expect(index.read.currentManifest(node(1))).toBeNull();
      expect(index.read.manifest(revision(2))).toBeNull();
      expect(index.read.revision(revision(2))).toBeNull();
    });

    test('chunks are found by hash and object, listed by revision, forgotten by object', () => {
      index.transaction((write) => {
        for (const n of [1, 2, 3]) write.putChunk(chunk(n));
        write.addRevision(version(1, node(1), 1));
        write.putVaultRow(live(remote({ id: node(1) }), stamp(1)));
        write.setRevisionChunks(
          revision(1),
          [3, 1, 3, 2].map((n) => chunk(n).hash),
        );
        write.setChunksReferenced([object(1)], true);
      });
      expect(index.read.chunkByHash(chunk(1).hash)).toEqual({ ...chunk(1), isReferenced: true });
      expect(index.read.chunkByObject(object(2))).toEqual(chunk(2));
      const listed = () => [...index.read.chunksOfRevision(revision(1))].map((row) => row.objectId);
      expect(listed()).toEqual([object(3), object(1), object(3), object(2)]);
      index.transaction((write) => {
        write.forgetChunks([object(3)]);
        write.putChunk(chunk(4));
        write.putChunk({ ...chunk(2), objectId: object(5) });
      });
      expect(index.read.chunkByHash(chunk(3).hash)).toBeNull();
      expect(listed()).toEqual([object(1), object(5)]);
      expect([...index.read.chunksOfRevision(revision(2))]).toEqual([]);
      const near = chunk(1).hash.slice();
      near[31] = 0;
      expect(index.read.chunkByHash(near)).toBeNull();
    });

    test('of many at once, those that are known, whether ids are looked for in the index or in memory', () => {
      const rowsOf = (...numbers: number[]) =>
        index.read
          .knownVaultRows(numbers.map(node))
          .map(({ id }) => id)
          .sort();
      const look = () => {
        expect(rowsOf(1, 2, 3, 4, 5)).toEqual([node(1), node(2), node(4)]);
        expect(index.read.knownVaultRows([node(4)])).toEqual([index.read.vaultRow(node(4))]);
        expect(rowsOf()).toEqual([]);
        const known = index.read.knownRevisions([revision(1), revision(2), revision(3)]);
        expect([...known].sort()).toEqual([
          [revision(1), node(2)],
          [revision(2), node(2)],
        ]);
        const manifests = index.read.manifests([revision(1), revision(2), revision(3)]);
        expect([...manifests].sort()).toEqual([
          [revision(1), index.read.manifest(revision(1))],
          [revision(2), index.read.manifest(revision(2))],
        ]);
        expect(index.read.manifests([])).toEqual(new Map());
        expect([rootNode, node(1), node(2), node(5)].map((id) => index.read.hasRemoteChildren(id))).toEqual([
          true,
          true,
          false,
          false,
        ]);
      };
      index.transaction((write) => {
        write.putVaultRow(live(remote({ id: node(1), ...folder }), stamp(1)));
        write.putVaultRow(live(remote({ id: node(2), parent: node(1) }), stamp(1)));
        write.addRevision(version(1, node(2), 1));
        write.addRevision(version(2, node(2), 2));
        write.putLocal(local({ id: node(3), name: 'here' }));
        write.putVaultRow(live(remote({ id: node(4), name: 'gone' }), stamp(1)));
        write.putVaultRow(gone(index.read.vaultRow(node(4)), stamp(2)));
      });
      look();
      index.transaction((write) => write.beginVaultReplay());
      look();
      index.transaction((write) => write.endVaultLoad());
      look();
      index.transaction((write) => write.putVaultRow(gone(index.read.vaultRow(node(2)), stamp(3))));
      expect(index.read.hasRemoteChildren(node(1))).toBe(false);
    });

    test('of many chunks at once, those that are known', () => {
      index.transaction((write) => {
        for (const n of [1, 2, 3]) write.addChunk(chunk(n));
      });
      const known = index.read.knownChunks([chunk(3).hash, chunk(9).hash, chunk(1).hash]);
      expect([...known].sort((a, b) => (a.objectId < b.objectId ? -1 : 1))).toEqual([chunk(1), chunk(3)]);
      expect(index.read.knownChunks([])).toEqual([]);
      expect(index.read.chunkByHash(chunk(2).hash)).toEqual(chunk(2));
    });

    test('batches are paged newest first', () => {
      index.transaction((write) => {
        for (let n = 1; n <= 5; n++) {
          write.addBatch({ id: `batch ${n}`, seq: n, deviceId: device, time: n, ops: new Uint8Array([n]) });
        }
      });
      const first = index.read.batches({ limit: 2 });
      expect(first.map((row) => row.id)).toEqual(['batch 5', 'batch 4']);
      const next = index.read.batches({ limit: 9, before: first.at(-1)?.position ?? 0 });
      expect(next.map((row) => row.id)).toEqual(['batch 3', 'batch 2', 'batch 1']);
      expect(index.read.batch('batch 5')).toMatchObject({ seq: 5, ops: new Uint8Array([5]) });
      const left = () => index.read.batches({ limit: 9 }).map((row) => row.seq);
      index.transaction((write) => write.removeBatches(1, 9));
      expect(left()).toEqual([5, 4, 3, 2]);
      index.transaction((write) => write.removeBatches(9, 3));
      expect(left()).toEqual([5, 4]);
    });

    test('blocked nodes, issues, approvals, husks, meta and the state of the vault', () => {
      const blocked = (n: number, retryAt: number) =>
        ({ node: node(n), side: 'local', reason: 'locked', message: 'In use.', attempts: n, retryAt }) as const;
      const issue = (id: string, createdAt: number) => ({
        ...{ id, kind: 'skipped', node: node(1), path: null, message: 'A link.', actions: ['ignore'] },
        ...{ createdAt, data: { a: [1] } },
      });
      index.transaction((write) => {
        write.putBlocked(blocked(1, 50));
        write.putBlocked(blocked(2, 20));
        write.putBlocked({ ...blocked(1, 60), attempts: 7 });
        write.putIssue(issue('x', 5));
        write.putIssue(issue('y', 3));
        write.putIssue({ ...issue('x', 99), message: 'Again.' });
        write.approve('up', [node(1), node(2)]);
        write.removeApproval('up', node(2));
        for (const n of [3, 1, 3]) write.noteReturned(node(n));
        write.addHusk(node(1), 'cache');
        write.setMeta('a', { b: null });
        write.setVaultState(new Uint8Array([1, 2]));
      });
      expect([...index.read.blockedNodes()]).toEqual([blocked(2, 20), { ...blocked(1, 60), attempts: 7 }]);
      expect(index.read.blocked(node(3))).toBeNull();
      expect(index.read.issues()).toEqual([issue('y', 3), { ...issue('x', 5), message: 'Again.' }]);
      expect(index.read.counts()).toMatchObject({ blocked: 2, issues: 2 });
      expect(index.read.isApproved('up', node(1))).toBe(true);
      expect(index.read.isApproved('down', node(1))).toBe(false);
      expect([...index.read.approvals('up')]).toEqual([node(1)]);
      expect([...index.read.returned()]).toEqual([node(1), node(3)]);
      expect(index.read.huskNamed(node(1), 'cache')).toBe('cache');
      expect(index.read.meta('a')).toEqual({ b: null });
      expect(index.read.vaultState()).toEqual(new Uint8Array([1, 2]));
      index.transaction((write) => {
        write.removeBlocked(node(1));
        write.removeIssue('x');
        write.removeApproval('up', node(1));
        write.removeReturned(node(1));
        write.removeHusk(node(1), 'cache');
        write.setMeta('a', undefined);
      });
      expect(index.read.counts()).toMatchObject({ blocked: 1, issues: 1 });
      expect(index.read.isApproved('up', node(1))).toBe(false);
      expect([...index.read.returned()]).toEqual([node(3)]);
      expect(index.read.huskNamed(node(1), 'cache')).toBeNull();
      expect(index.read.meta('a')).toBeNull();
    });

    test('issues are the same list until one of them is written, and what came to nothing is in none', () => {
      const issue = (id: string, of: ReturnType<typeof node>) => ({
        ...{ id, kind: 'skipped', node: of, path: null, message: 'A link.', actions: [], createdAt: 1, data: null },
      });
      index.transaction((write) => write.putIssue(issue('x', node(1))));
      const known = index.read.issues();
      index.transaction((write) => write.setMeta('a', 1));
      expect(index.read.issues()).toBe(known);
      const attempt = () =>
        index.transaction((write) => {
          write.putIssue(issue('y', node(2)));
          expect(index.read.issues()).toHaveLength(2);
          throw new Error('to no end');
        });
      expect(attempt).toThrow('to no end');
      expect(index.read.issues()).toEqual(known);
      expect(index.read.counts()).toMatchObject({ issues: 1 });
      index.transaction((write) => {
        write.putLocal(local({ id: node(1) }));
        write.adopt(node(1), node(7));
      });
      const adopted = index.read.issues();
      expect(adopted).toMatchObject([{ node: node(7) }]);
      index.transaction((write) => {
        write.putLocal(local({ id: node(2), name: 'b.txt' }));
        write.adopt(node(2), node(8));
      });
      expect(index.read.issues()).toBe(adopted);
      index.transaction((write) => write.removeIssue('x'));
      expect([index.read.issues(), index.read.counts().issues]).toEqual([[], 0]);
    });

    test('long lists are read while the index changes', () => {
      const count = 1203;
      index.transaction((write) => {
        for (let n = 1; n <= count; n++) write.putLocal(local({ id: node(n), name: `${n}` }));
        for (let n = count; n > 0; n--)
          write.putVaultRow({ ...remote({ id: node(n), name: `${n}` }), ...stamp(n), isDeleted: true });
      });
      expect([...index.read.locals()]).toHaveLength(count);
      expect([...index.read.vaultRows()].map((row) => row.id)).toEqual(
        Array.from({ length: count }, (_, n) => node(n + 1)),
      );
      expect([...index.read.deleted()].map((row) => row.seq)).toEqual(
        Array.from({ length: count }, (_, n) => count - n),
      );
      for (const id of diverged(index)) index.transaction((write) => write.removeLocal(id));
      expect(index.read.counts().localNodes).toBe(0);
    });

    test('names fold as the file system folds them', () => {
      index.close();
      index = open(macRules);
      index.transaction((write) => write.putLocal(local({ id: node(1), name: 'Straße É' })));
      expect(index.read.localByName(rootNode, 'STRASSE E\u0301')?.name).toBe('Straße É');
      expect(index.read.local(node(1))?.name).toBe('Straße É');
    });

    test('the check finds what is broken', () => {
      index.transaction((write) => {
        write.putLocal(local({ id: node(2), parent: node(1) }));
        write.putVaultRow(live(remote({ id: node(3) }), stamp(1)));
        write.putVaultRow(live(remote({ id: node(4) }), stamp(1)));
      });
      expect(index.integrityCheck().join()).toMatch(/not below the root on disk.*one name in the vault/);
      index.transaction((write) => {
        write.removeLocal(node(2));
        write.putVaultRow(gone(index.read.vaultRow(node(4)), stamp(2)));
      });
    });
  });
}
