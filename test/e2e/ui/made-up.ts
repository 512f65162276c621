import type { AccountId, DeviceId, NodeId, PairId, RevisionId, VaultId } from '../../../src/common/ids.ts';
import type { PairStatus, VaultEntry } from '../../../src/model/status.ts';
import type { Output } from '../../../src/rpc/contract.ts';
import type { HomeStatus, Settings } from '../../../src/rpc/home-report.ts';
import type { Answers } from './stage.ts';

/** A person's folders as they might be on a Tuesday: long names, several devices, much and little. */
const id = (n: number): string => n.toString(16).padStart(32, '0');
const pairId = (n: number) => id(0x100 + n) as PairId;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Before now, so that what is shown as "5 minutes ago" stays so. */
const ago = (milliseconds: number): number => Date.now() - milliseconds;

const still = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

export const pairStatus = (n: number, more: Partial<PairStatus> = {}): PairStatus => ({
  pair: pairId(n),
  vault: id(0x200 + n) as VaultId,
  vaultName: ['Documents', 'Photos', 'Shared projects'][n] ?? 'Folder',
  folder: ['/home/ada/Documents', '/home/ada/Pictures/Photos', '/home/ada/Shared projects'][n] ?? '/home/ada/Folder',
  state: 'up-to-date',
  message: 'Up to date',
  up: still,
  down: still,
  pending: 0,
  held: 0,
  issues: 0,
  files: [2418, 18_204, 96][n] ?? 3,
  folders: [311, 402, 12][n] ?? 1,
  seq: 40,
  serverSeq: 40,
  lastSyncedAt: ago(2 * minute),
  heard: [],
  ...more,
});

export const account = {
  server: 'https://sync.example.org',
  email: 'ada@example.org',
  account: id(0x300) as AccountId,
  device: id(0x400) as DeviceId,
  deviceName: 'Ada’s desk',
};

export const homeStatus = (state: HomeStatus['state'], pairs: readonly PairStatus[]): HomeStatus => ({
  state,
  message: '',
  isRunning: true,
  account,
  pairs: [...pairs],
});

export const settled = (): HomeStatus => homeStatus('up-to-date', [pairStatus(0), pairStatus(1), pairStatus(2)]);

/** The server is on this computer. */
export const keptHere = (): HomeStatus => ({ ...settled(), account: { ...account, server: 'http://127.0.0.1:8470' } });

export const syncing = (): HomeStatus =>
  homeStatus('syncing', [
    pairStatus(0),
    pairStatus(1, {
      state: 'syncing',
      up: { filesDone: 412, filesTotal: 1204, bytesDone: 1.3e9, bytesTotal: 4.1e9, bytesPerSecond: 6.4e6 },
      down: { ...still, filesDone: 3, filesTotal: 9, bytesDone: 2e6, bytesTotal: 9e6, bytesPerSecond: 1.1e6 },
      pending: 798,
      lastSyncedAt: ago(3 * day),
    }),
    pairStatus(2, { state: 'scanning', lastSyncedAt: null, files: 0, folders: 0 }),
  ]);

/** One of each state that is not the usual one. */
export const troubled = (): HomeStatus =>
  homeStatus('frozen', [
    pairStatus(0, { state: 'frozen', issues: 1 }),
    pairStatus(1, { state: 'root-missing', issues: 1 }),
    pairStatus(2, { state: 'needs-attention', held: 1342, issues: 1, pending: 1342 }),
    pairStatus(3, { state: 'offline', vaultName: 'Letters', pending: 12 }),
    pairStatus(4, { state: 'paused', vaultName: 'Music' }),
  ]);

export const settings: Settings = {
  upBytesPerSecond: 2048 * 1024,
  downBytesPerSecond: null,
  language: 'en',
  theme: 'light',
  notifications: 'important',
  startAtLogin: true,
};

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

const changes: readonly (readonly [number, string, readonly (readonly [string, string, string | null])[], number])[] = [
  [4 * minute, 'Ada’s desk', [['revise', 'Bills/2026/electricity.pdf', null]], 1],
  [
    50 * minute,
    'Laptop in the kitchen',
    [
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101112.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101113.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101115.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101119.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101120.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101122.jpg', null],
    ],
    204,
  ],
  [
    25 * hour,
    'Ada’s desk',
    [
      ['place', 'Taxes 2025/receipts', 'Receipts'],
      ['delete', 'old draft.txt', null],
      ['restore', 'plan.md', null],
    ],
    3,
  ],
  [4 * day, 'Ada’s desk', [['create', 'notes.md', null]], 1],
];

export const activity = (): Output<'activity'>['activity'] =>
  changes.map(([back, deviceName, of, changeCount], n) => ({
    pair: pairId(0),
    folder: '/home/ada/Documents',
    batch: String(90 - n),
    seq: 90 - n,
    time: ago(back),
    device: account.device,
    deviceName,
    changes: of.map(([what, path, from]) => ({ what, path, from })),
    changeCount,
  }));

/** Of the folder of photos, newer than all that the first one has. */
export const otherActivity = (): Output<'activity'>['activity'] => [
  {
    pair: pairId(1),
    folder: '/home/ada/Pictures',
    batch: '12',
    seq: 12,
    time: ago(minute),
    device: account.device,
    deviceName: 'Laptop in the kitchen',
    changes: [{ what: 'create', path: 'Gotland/IMG_0001.jpg', from: null }],
    changeCount: 1,
  },
];

type ShownIssue = Output<'issues'>['issues'][number];

const issue = (n: number, kind: ShownIssue['kind'], message: string, more: Partial<ShownIssue> = {}): ShownIssue => ({
  id: `issue-${n}`,
  kind,
  message,
  node: null,
  path: null,
  choices: [],
  createdAt: ago((n + 1) * 17 * minute),
  security: null,
  isInformational: false,
  pair: pairId(0),
  folder: '/home/ada/Documents',
  ...more,
});

export const issues = (): ShownIssue[] => [
  issue(0, 'security', 'The server shows an older state of this vault than this device has seen.', {
    security: 'E_ROLLBACK',
  }),
  issue(
    1,
    'root',
    'The folder is missing. Reconnect its disk or bring it back; until then nothing is synced and nothing is deleted.',
    {
      pair: pairId(1),
      folder: '/home/ada/Pictures/Photos',
    },
  ),
  issue(
    2,
    'held-deletes',
    '1342 files and folders were deleted in the folder here. They are still in the vault and on other devices until you allow it.',
    { id: 'held:up', choices: ['allow', 'restore'], pair: pairId(2), folder: '/home/ada/Shared projects' },
  ),
  ...['Bills/ledger.ods', 'Mail/outbox.db', 'notes.md', 'a.txt', 'b.txt', 'c.txt', 'd.txt'].map((path, n) =>
    issue(3 + n, 'file-blocked', `${path}: another program is using the file; close it`, { path, choices: ['retry'] }),
  ),
  issue(20, 'skipped', 'link to elsewhere is a symbolic link; links are not synced.', {
    path: 'link to elsewhere',
    isInformational: true,
  }),
];

export const held = (): Output<'held'> => ({
  items: Array.from({ length: 200 }, (_, n) => ({
    path:
      n === 0
        ? 'Sketches'
        : `Sketches/${2010 + (n % 16)}/drawing ${n} of the house by the lake, as seen from the road.svg`,
    direction: 'up',
    kind: n === 0 ? 'folder' : 'file',
  })),
  total: 1342,
});

export const devices = (): Output<'devices'>['devices'] => [
  {
    device: account.device,
    name: 'Ada’s desk',
    isThis: true,
    addedAt: ago(200 * day),
    isRevoked: false,
    lastHeardAt: null,
    isOverdue: false,
  },
  {
    device: id(0x401) as DeviceId,
    name: 'Laptop in the kitchen',
    isThis: false,
    addedAt: ago(90 * day),
    isRevoked: false,
    lastHeardAt: ago(5 * day),
    isOverdue: true,
  },
  {
    device: id(0x402) as DeviceId,
    name: 'Old netbook',
    isThis: false,
    addedAt: ago(900 * day),
    isRevoked: true,
    lastHeardAt: null,
    isOverdue: false,
  },
];

/** Waves of a working day: some hundred samples of the last three minutes. */
export const throughput = (): Output<'throughput'>['samples'] =>
  Array.from({ length: 150 }, (_, n) => ({
    time: ago((150 - n) * 1000),
    up: Math.round(6.4e6 * (0.6 + 0.35 * Math.sin(n / 9) + 0.05 * Math.sin(n))),
    down: Math.round(2e6 * Math.max(0, Math.sin(n / 21))),
  }));

export const recoveryWords =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual';

export const appInfo: Output<'app-info'> = {
  version: '0.1.0',
  platform: 'linux',
  keychain: 'system',
  canChooseFolder: true,
  canOpenFiles: true,
  canStartAtLogin: true,
  proposedFolder: '/home/ada/Holdfast',
  deviceName: 'Ada’s desk',
};

const info = ({ pair, vault, vaultName, folder, state }: PairStatus) => ({
  pair,
  vault,
  vaultName,
  folder,
  isPaused: state === 'paused',
  pausedUntil: state === 'paused' ? Date.now() + 40 * minute : null,
  createdAt: ago(100 * day),
});

/** An engine in a good mood; a scene says what is otherwise. */
export const usual = (status: () => HomeStatus = settled): Answers => ({
  status,
  'app-info': () => appInfo,
  'settings-get': () => settings,
  pairs: () => ({ pairs: status().pairs.map(info) }),
  vaults: () => ({ vaults: [] }),
  devices: () => ({ devices: devices() }),
  throughput: () => ({ samples: [] }),
  browse: ({ search }) => {
    const found = entries().filter(({ name }) => search === null || name.toLowerCase().includes(search.toLowerCase()));
    return { entries: [...found], total: found.length };
  },
  versions: () => ({ versions: versions() }),
  activity: ({ pair }) => ({
    activity: [...otherActivity(), ...activity()].filter((item) => pair === null || item.pair === pair),
    next: null,
  }),
  issues: () => ({ issues: [] }),
  held,
  trash: () => ({ trash: [] }),
  deselected: () => ({ deselected: [] }),
  'ignore-get': () => ({ text: '# What no computer needs\n*.tmp\nnode_modules/\n' }),
  signup: () => ({ ...account, recovery: recoveryWords }),
  'check-server': () => ({ server: account.server, isThisComputer: false }),
  'this-computer': () => ({ server: 'http://127.0.0.1:8470', isThisComputer: true }),
});

/** Nobody is signed in. */
export const signedOut = (): HomeStatus => ({
  state: 'signed-out',
  message: '',
  isRunning: true,
  account: null,
  pairs: [],
});

export const addedPair = (): Output<'add'> => ({
  ...info(pairStatus(0)),
  isPaused: true,
  pausedUntil: null,
  isNewVault: true,
});

export const vaults = (): Output<'vaults'>['vaults'] => [
  { vault: id(0x210) as VaultId, name: 'Letters', pair: null },
  { vault: id(0x211) as VaultId, name: 'Music', pair: null },
];

export const folderListing = (): Output<'folders'> => ({
  folder: '/home/ada',
  parent: '/home',
  folders: ['Desktop', 'Documents', 'Downloads', 'Music', 'Pictures', 'Templates', 'Videos'].map((name) => ({
    name,
    path: `/home/ada/${name}`,
  })),
});

export const plan = (): Output<'plan'> => ({
  counts: { up: 312, down: 40, deletes: 0, moves: 0, conflicts: 3, held: 0, bytesUp: 1.24e9, bytesDown: 86e6 },
  lines: [
    ['up', 'Bills/2026/electricity.pdf', 'It is new on this device.'],
    ['down', 'Photos/2026/Baltic coast in May/IMG_20260504_101112.jpg', 'It is new in the vault.'],
    [
      'up',
      'letter to the landlord.odt',
      'It was edited on both sides; the version of this device is kept as a conflict copy.',
    ],
    ['settle', 'notes.md', 'The same file is already on both sides.'],
  ].map(([direction, path, rule]) => ({ direction, operation: 'x', path, rule }) as Output<'plan'>['lines'][number]),
});

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

export const doctor = (): Output<'doctor'> => ({
  versions: { holdfast: '0.1.0', node: '24.21.0' },
  checks: [
    {
      name: 'self-test',
      result: 'ok',
      message: 'All known answers are right. Argon2id by @node-rs/argon2, local hash blake3.',
    },
    {
      name: 'watch',
      result: 'warning',
      message:
        '9120 folders to watch, but the system allows 8192 for all programs. The rest is looked at now and then.',
    },
    { name: 'clock', result: 'ok', message: 'This computer and the server differ by 1 s at most.' },
    { name: 'server', result: 'failed', message: 'The server https://sync.example.org cannot be reached.' },
  ],
});

export const deselected = (): Output<'deselected'>['deselected'] => [
  { node: id(0x509) as NodeId, path: 'scan-0001.tiff', kind: 'file' },
  { node: id(0x502) as NodeId, path: 'Taxes 2025', kind: 'folder' },
];
