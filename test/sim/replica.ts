import { must } from '../../src/common/errors.ts';
import { type NodeId, rootNode } from '../../src/common/ids.ts';
import { isSameName } from '../../src/plan/diverged.ts';
import type { SimDevice } from './device.ts';
import { nameOf } from './sim-folder.ts';

/** What one device's disk holds, by the names that the vault has for it. */
export interface Replica {
  /** Path → name of the content, or `folder`. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Where disk, index and vault disagree about what there is. */
  readonly faults: readonly string[];
}

/** An editor's file, or what is in it: ignored by its name. */
export const isLeftOfSaving = (path: string): boolean => /(^|\/)\.save-\d+\.swp($|\/)/.test(path);

export function replicaOf({ running, folder }: SimDevice): Replica {
  const { read } = must(running, 'the device is not up').index;
  const nodes = new Map<string, string>();
  const faults: string[] = [];
  const disk = folder.tree();
  const { hasModeBits, isCaseSensitive, form, isWindows, maxLength } = folder.disk.traits;
  const holdsAnyName = isCaseSensitive && form === 'sensitive' && !isWindows && maxLength.length >= 255;
  const visit = (parent: NodeId, vaultPrefix: string, diskPrefix: string): void => {
    for (const { id, name, kind } of read.remoteChildren(parent)) {
      const path = vaultPrefix + name;
      const local = read.localRow(id);
      if (local === null) {
        faults.push(`${path} is in the vault and not here`);
        continue;
      }
      // The disk may keep another form of the name than the index.
      const at = [local.name, local.name.normalize('NFD'), local.name.normalize('NFC')]
        .map((form) => diskPrefix + form)
        .find((form) => disk.has(form));
      const found = at === undefined ? undefined : disk.get(at);
      if (at === undefined || found === undefined || (found.kind === 'folder') !== (kind === 'folder')) {
        faults.push(`${path} is known as ${diskPrefix}${local.name} here, and there is ${found?.kind ?? 'nothing'}`);
        continue;
      }
      if (holdsAnyName && !isSameName(local.name, name)) {
        faults.push(`${path} is called ${local.name} here, where nothing stands against its own name`);
      }
      // Where the disk has no such bit, the index says what the vault has.
      if (kind === 'file' && hasModeBits && found.exec !== read.remote(id)?.exec) {
        faults.push(`${path} is ${found.exec ? '' : 'not '}executable here, unlike in the vault`);
      }
      disk.delete(at);
      nodes.set(path, kind === 'folder' ? 'folder' : nameOf(found.bytes));
      if (kind === 'folder') visit(id, `${path}/`, `${at}/`);
    }
  };
  visit(rootNode, '', '');
  // What a power cut leaves of an editor's saving is ignored by everybody, and a folder that others deleted stays for it.
  const ignored = [...disk.keys()].filter(isLeftOfSaving);
  for (const path of disk.keys()) {
    if (ignored.some((left) => left === path || left.startsWith(`${path}/`))) continue;
    faults.push(`${path} is here and not in the vault`);
  }
  return { nodes, faults };
}

/** The first few differences, for people. */
export function differences(a: Replica, b: Replica): string[] {
  const found: string[] = [];
  for (const path of new Set([...a.nodes.keys(), ...b.nodes.keys()])) {
    const [here, there] = [a.nodes.get(path), b.nodes.get(path)];
    if (here !== there) found.push(`${path}: ${here ?? 'nothing'} and ${there ?? 'nothing'}`);
  }
  return found.slice(0, 5);
}
