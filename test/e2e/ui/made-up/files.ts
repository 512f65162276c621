import type { NodeId, RevisionId } from '../../../../src/common/ids.ts';
import type { VaultEntry } from '../../../../src/model/status.ts';
import type { Output } from '../../../../src/rpc/contract.ts';
import { account } from './account.ts';
import { ago, hour, id, minute } from './basics.ts';

const names = [
  ['Bills', 'folder', 0],
  ['Contracts and other things that nobody ever looks at twice but has to keep for ten years', 'folder', 0],
  ['Taxes 2025', 'folder', 0],
  ['budget.ods', 'file', 48_213],
  ['invoice\u202efdp.exe', 'file', 90_112],
  ['letter to the landlord (conflict from Laptop, 2026-05-04 10.20.30).odt', 'file', 21_004],
  ['letter to the landlord.odt', 'file', 21_940],
  ['notes.md', 'file', 1204],
  [
    'Übersicht über die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft.pdf',
    'file',
    7e6,
  ],
  ['scan-0001.tiff', 'file', 122e6],
  ['תוכנית נסיעה.docx', 'file', 33_000],
] as const;

export const entries = (): readonly VaultEntry[] =>
  names.map(([name, kind, size], n) => ({
    node: id(0x500 + n) as NodeId,
    path: name,
    name,
    kind,
    size,
    mtimeUs: ago((n + 1) ** 3 * hour) * 1000,
    revision: kind === 'file' ? (id(0x600 + n) as RevisionId) : null,
    isDeleted: false,
  }));

/** As a search finds them, all over the vault. */
export const inFolders = (): VaultEntry[] =>
  ['Bills/2026', 'Taxes 2025', 'Contracts and other things that nobody ever looks at twice/Old ones', ''].flatMap(
    (folder, n) =>
      entries()
        .filter(({ name }) => /budget|landlord\.odt|notes/.test(name))
        .map((entry, at) => ({
          ...entry,
          node: id(0x900 + 16 * n + at) as NodeId,
          path: folder === '' ? entry.name : `${folder}/${entry.name}`,
        })),
  );

export const withDeleted = (): VaultEntry[] => [
  ...entries().slice(0, 5),
  ...['old draft.txt', 'Sketches of the house by the lake'].map((name, n) => ({
    node: id(0xa00 + n) as NodeId,
    path: name,
    name,
    kind: n === 0 ? ('file' as const) : ('folder' as const),
    size: 1204,
    mtimeUs: ago(40 * hour) * 1000,
    revision: n === 0 ? (id(0xb00) as RevisionId) : null,
    isDeleted: true,
  })),
];

export const versions = (): Output<'versions'>['versions'] =>
  [0, 26, 30, 400].map((hours, n) => ({
    revision: id(0x700 + n) as RevisionId,
    seq: 90 - n,
    time: ago(hours * hour + 12 * minute),
    device: account.device,
    deviceName: n === 1 ? 'Laptop in the kitchen' : 'Ada’s desk',
    size: 48_213 - n * 1900,
    mtimeUs: 0,
    isCurrent: n === 0,
  }));

export const why = (): Output<'why'> => ({
  path: 'budget.ods',
  node: id(0x503) as NodeId,
  local: 'File budget.ods: 48213 bytes of 2026-05-04T10:11:12.131Z, revision 7aaa6a19.',
  remote:
    'File budget.ods, placed there by change 4 of 2026-05-01T12:56:01.375Z: 47001 bytes of 2026-05-01T12:56:01.288Z, revision 1b2c3d4e.',
  synced: 'File budget.ods, revision 1b2c3d4e.',
  rule: 'It was edited on this device.',
  lastError: 'another program is using the file; close it',
  nextTry: Date.now() + 3 * minute,
});

export const trash = (): Output<'trash'>['trash'] =>
  [
    ['old draft.txt', 'vault', 1204],
    ['Sketches', 'vault', 18e6],
    ['letter to the landlord.odt', 'local', 20_990],
    ['Bills/2026/electricity.pdf', 'local', 312_400],
    ['Photos/2019/a very long name of a folder that was once a good idea/IMG_0001.jpg', 'vault', 4e6],
  ].map(([path, where, size], n) => ({
    batch: String(80 - n),
    copy: 1,
    path: String(path),
    size: Number(size),
    deletedAt: ago((n + 1) * 9 * hour),
    where: where as 'local' | 'vault',
  }));

export const deselected = (): Output<'deselected'>['deselected'] => [
  { node: id(0x509) as NodeId, path: 'scan-0001.tiff', kind: 'file' },
  { node: id(0x502) as NodeId, path: 'Taxes 2025', kind: 'folder' },
];

export const verifyReport = (): Output<'verify'> => ({
  nodes: 2729,
  revisions: 4120,
  objects: 6003,
  bytes: 7.2e9,
  problems: [
    { path: 'Bills/2026/electricity.pdf', problem: 'A part of it is missing on the server.' },
    { path: 'x'.repeat(255), problem: 'A part of it on the server is not what was stored.' },
  ],
  pairs: 1,
});
