import { must } from '../../src/common/errors.ts';
import { type DeviceId, type NodeId, type ObjectId, type RevisionId, rootNode } from '../../src/common/ids.ts';
import type { ChunkRow, Index, LocalRow, RevisionRow, Stamp, VaultRow } from '../../src/db/index-port.ts';
import type { IsDiverged } from '../../src/db/node-state.ts';
import type { LocalNameRules } from '../../src/model/local-name-rules.ts';
import type { RemoteNode, SyncedNode } from '../../src/model/node.ts';

/** Rows for tests of the index, with everything filled in. */

const hex = (n: number, kind: string): string => `${kind}${n.toString(16).padStart(7, '0')}`.padEnd(32, kind);
export const node = (n: number): NodeId => `${n.toString(16).padStart(8, '0')}${'a'.repeat(24)}` as NodeId;
export const revision = (n: number): RevisionId => hex(n, 'b') as RevisionId;
export const object = (n: number): ObjectId => hex(n, 'c') as ObjectId;
export const device = 'd'.repeat(32) as DeviceId;

/** All that needs a plan. */
export const diverged = ({ read }: Index): NodeId[] => [...read.diverged('based'), ...read.diverged('new')];

export const stamp = (seq: number): Stamp => ({ seq, timeUs: 1_700_000_000_000_000 + seq, deviceId: device });

type Some<T> = Partial<T> & { readonly id: NodeId };

export const local = (row: Some<LocalRow>): LocalRow => ({
  parent: rootNode,
  name: 'a.txt',
  kind: 'file',
  revision: row.kind === 'folder' ? null : revision(1),
  size: 10,
  mtimeUs: -5,
  exec: false,
  differsFrom: null,
  dev: 1,
  ino: 2,
  birthUs: 3,
  ctimeUs: 1_700_000_000_123_456,
  ...row,
});

export const remote = (row: Some<RemoteNode>): RemoteNode => ({
  parent: rootNode,
  name: 'a.txt',
  kind: 'file',
  revision: row.kind === 'folder' ? null : revision(1),
  size: 10,
  mtimeUs: -5,
  exec: false,
  ...row,
});

export const live = (row: RemoteNode, at: Stamp): VaultRow => ({ ...row, ...at, isDeleted: false });

/** What is left of a node once it is deleted. */
export const gone = (row: VaultRow | null, at: Stamp): VaultRow => ({ ...must(row), ...at, isDeleted: true });

export const synced = (row: Some<SyncedNode>): SyncedNode => ({
  parent: rootNode,
  name: 'a.txt',
  localName: row.name ?? 'a.txt',
  kind: 'file',
  revision: row.kind === 'folder' ? null : revision(1),
  ...row,
});

export const version = (n: number, of: NodeId, seq: number): RevisionRow => ({
  revision: revision(n),
  node: of,
  ...stamp(seq),
  size: n,
  mtimeUs: n,
  exec: true,
  manifest: new Uint8Array([n, 1, 2]),
});

export const chunk = (n: number): ChunkRow => ({
  hash: new Uint8Array(32).fill(n),
  objectId: object(n),
  sealedRef: new Uint8Array([n, 9]),
  plainLength: 1000 + n,
  weak: 0xffffffff,
  isReferenced: false,
});

export const linuxRules: LocalNameRules = {
  isCaseSensitive: true,
  isNormalizationSensitive: true,
  maxLength: { unit: 'utf8', length: 255 },
  isWindows: false,
};
export const macRules: LocalNameRules = { ...linuxRules, isCaseSensitive: false, isNormalizationSensitive: false };

/** As the planner's own, near enough: everything that both sides show is agreed. */
export const isDiverged: IsDiverged = (onDisk, inVault, agreed) => {
  if (onDisk === null || inVault === null || agreed === null) return true;
  const places = [onDisk.parent, inVault.parent].every((parent) => parent === agreed.parent);
  const names = onDisk.name === agreed.localName && inVault.name === agreed.name;
  const contents = onDisk.revision === agreed.revision && inVault.revision === agreed.revision;
  return !(places && names && contents);
};
