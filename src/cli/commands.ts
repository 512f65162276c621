import type { Define } from './command.ts';

/** What a command does, in a line, and its module: only that of the command that runs is loaded. */
type Entry = readonly [summary: string, load: () => Promise<{ readonly define: Define }>];

/** All commands, in the order of the help. */
export const commands: Readonly<Record<string, Entry>> = {
  serve: ['Run the storage server', () => import('./serve.ts')],
  signup: ['Create an account; prints the recovery words once', () => import('./signup.ts')],
  login: ['Add this device to your account, with the password', () => import('./login.ts')],
  recover: ['Add this device with the recovery words, and set a new password', () => import('./recover.ts')],
  'change-password': ['Replace the password', () => import('./change-password.ts')],
  'change-words': ['Replace the recovery words; prints the new ones once', () => import('./change-words.ts')],
  'change-server': ['Follow the server of the account to a new address', () => import('./change-server.ts')],
  devices: ['List the devices of the account', () => import('./devices.ts')],
  'remove-device': ['Remove another device from the account', () => import('./remove-device.ts')],
  logout: ['Remove this device from the account; files stay', () => import('./logout.ts')],
  'delete-account': [
    'Delete the account and everything its server stores of it, for good',
    () => import('./delete-account.ts'),
  ],
  add: ['Sync a folder with a vault; creates the vault if there is none', () => import('./add.ts')],
  vaults: ['List the vaults of the account', () => import('./vaults.ts')],
  'delete-vault': [
    'Delete a vault and everything the server stores of it, for good; files stay',
    () => import('./delete-vault.ts'),
  ],
  pairs: ['List the synced folders of this device', () => import('./pairs.ts')],
  locate: ['Go on with a folder that was moved or renamed', () => import('./locate.ts')],
  remove: ['Stop syncing a folder; files stay', () => import('./remove.ts')],
  plan: ['Show what a sync would do, and change nothing', () => import('./plan.ts')],
  sync: ['Sync until nothing is left to do, then exit', () => import('./sync.ts')],
  daemon: ['Keep running: watch the folders and sync', () => import('./daemon.ts')],
  open: ['Print an address that opens the running window in a browser', () => import('./open.ts')],
  status: ['Show what is going on', () => import('./status.ts')],
  pause: ['Pause syncing, for a while or until `resume`', () => import('./pause.ts')],
  resume: ['Resume syncing after a pause', () => import('./resume.ts')],
  stop: ['Stop the daemon', () => import('./stop.ts')],
  ls: ['List what a vault holds', () => import('./ls.ts')],
  versions: ['List the versions of a file', () => import('./versions.ts')],
  restore: ['Bring back what was deleted, or an older version', () => import('./restore.ts')],
  undo: ['Undo one batch of changes', () => import('./undo.ts')],
  activity: ['Show what happened', () => import('./activity.ts')],
  trash: ['List what was deleted and can be restored', () => import('./trash.ts')],
  'empty-trash': ['Empty the trash of this computer, for good', () => import('./empty-trash.ts')],
  deselect: [
    'Keep a folder or file of the vault off this device; other devices keep it',
    () => import('./deselect.ts'),
  ],
  select: ['Bring back what was deselected', () => import('./select.ts')],
  issues: ['List what needs a decision from you', () => import('./issues.ts')],
  resolve: ['Answer an issue', () => import('./resolve.ts')],
  why: ['Explain the state of a file or folder', () => import('./why.ts')],
  verify: ['Check that everything in the vaults is there and authentic', () => import('./verify.ts')],
  settings: ['Show or change settings, such as bandwidth limits', () => import('./settings.ts')],
  rescue: [
    "Get all files back from a copy of the server's data, with the recovery words alone",
    () => import('./rescue.ts'),
  ],
  doctor: ['Check this device and its surroundings', () => import('./doctor.ts')],
};
