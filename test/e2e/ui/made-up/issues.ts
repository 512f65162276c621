import { vaultGone as gone } from '../../../../src/remote/reply-failure.ts';
import type { Output } from '../../../../src/rpc/contract.ts';
import { ago, minute, pairId } from './basics.ts';

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
    'The folder is missing. Reconnect its disk, bring it back, or say with `locate` where it is now; until then nothing is synced and nothing is deleted.',
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
  ...[21, 22].map((n) =>
    issue(n, 'skipped', `tool ${n} is a symbolic link; links are not synced.`, {
      path: `tool ${n}`,
      choices: ['dismiss', 'dismiss-all'],
    }),
  ),
  issue(20, 'skipped', 'link to elsewhere is a symbolic link; links are not synced.', {
    path: 'link to elsewhere',
    isInformational: true,
  }),
];

/** Another device deleted the vault of a folder here. */
export const vaultGone = (): ShownIssue =>
  issue(30, 'vault-gone', gone, { id: 'vault-gone', pair: pairId(2), folder: '/home/ada/Shared projects' });

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
