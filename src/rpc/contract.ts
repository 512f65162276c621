import { z } from 'zod';
import type { AccountId, DeviceId, NodeId, PairId, RevisionId, VaultId } from '../common/ids.ts';
import {
  appInfo,
  browsed,
  bulkOutcome,
  deviceInfo,
  diagnostics,
  folderListing,
  heldItem,
  issueRef,
  page,
  serverInfo,
  sortKey,
  throughputSample,
  vaultInfo,
} from './app-report.ts';
import { count, idField, longestPauseMinutes, none, pairChoice, path, text } from './fields.ts';
import {
  doctorReport,
  homeStatus,
  pairInfo,
  type RpcEvent,
  settings,
  settingsChange,
  signedIn,
  syncReport,
} from './home-report.ts';
import {
  activityItem,
  deselectedNode,
  issue,
  planPreview,
  trashItem,
  vaultEntry,
  verifyReport,
  versionInfo,
  why,
} from './report.ts';

const server = z.string().min(1).max(2048);
const email = z.string().min(1).max(1024);
const secret = z.string().min(1).max(4096);
const deviceName = z.string().min(1).max(64).nullable();
const onPair = z.strictObject({ pair: pairChoice });
/** `node`: which one of those that had this path; null: the live one, or the one deleted there last. */
const onNode = z.strictObject({ pair: pairChoice, path, node: idField<NodeId>().nullable() });
/** Whether `confirm-words` is to say that the recovery words are kept; else they count as kept once they are shown. */
const isAskingBack = z.boolean().optional();
const done = z.object({});
const ignoreText = z.object({ text: z.string() });

/**
 * All that a user interface or a script may ask of a device. Input is checked before the service sees it; output is cut
 * to what is written here, so that nothing crosses the border by accident.
 */
export const commands = {
  status: { input: none, output: homeStatus },
  'app-info': { input: none, output: appInfo },

  /** Asks whether a storage server answers there. Throws `usage` for what is no address, `offline`. */
  'check-server': { input: z.strictObject({ server }), output: serverInfo },
  /** Runs the storage server on this computer, from now on with the app; its address is for `signup`. */
  'this-computer': { input: none, output: serverInfo },

  signup: {
    input: z.strictObject({ server, email, password: secret, deviceName, isAskingBack }),
    output: signedIn.extend({ recovery: z.string() }),
  },
  login: { input: z.strictObject({ server, email, password: secret, deviceName }), output: signedIn },
  recover: {
    input: z.strictObject({ server, email, words: secret, newPassword: secret, deviceName }),
    output: signedIn,
  },
  /**
   * The server has another address from now on. Throws `refused` (reason `other-server`) if what answers there does not know all
   * that this device has seen; then nothing changes.
   */
  'change-server': { input: z.strictObject({ server }), output: signedIn },
  /** A new password; the recovery words and all signed-in devices stay as they are. Throws `refused` if `password` is wrong. */
  'change-password': { input: z.strictObject({ password: secret, newPassword: secret }), output: done },
  /** New recovery words, shown this once; from then on the former ones open nothing. Throws as above. */
  'change-words': {
    input: z.strictObject({ password: secret, isAskingBack }),
    output: z.object({ recovery: z.string() }),
  },
  /** The recovery words that were shown last are kept. */
  'confirm-words': { input: none, output: done },
  /** Signs out and revokes this device; local files stay. `isForced`: also when the server cannot be reached. */
  logout: {
    input: z.strictObject({ isForced: z.boolean() }),
    output: z.object({ account: idField<AccountId>(), device: idField<DeviceId>(), isRevoked: z.boolean() }),
  },
  /**
   * Deletes the account that is signed in from its server, with all that is stored there, for good, and signs out; local files
   * stay. Throws `refused` if `password` is wrong, `usage` if `email` is not the account's.
   */
  'delete-account': {
    input: z.strictObject({ email, password: secret }),
    output: z.object({ account: idField<AccountId>() }),
  },

  /** `isOld`: as this device saw it last, since the server could not be asked. */
  devices: { input: none, output: z.object({ devices: z.array(deviceInfo), isOld: z.boolean().optional() }) },
  /** Takes another device out of the account: it gets nothing from then on, what it has it keeps. */
  'revoke-device': { input: z.strictObject({ device: idField<DeviceId>() }), output: done },
  vaults: { input: none, output: z.object({ vaults: z.array(vaultInfo) }) },
  /**
   * Deletes a vault from the server, with all that is stored of it, for good, and forgets the pair that syncs it here; local
   * files stay. `vault` null: the one of that name. Throws `refused` if `password` is wrong, `usage` if the vault has another
   * name than `name` or several have that name, `missing` if none has.
   */
  'delete-vault': {
    input: z.strictObject({
      vault: idField<VaultId>().nullable(),
      name: z.string().min(1).max(1020),
      password: secret,
    }),
    output: z.object({ vault: idField<VaultId>(), name: z.string() }),
  },

  /** `folder`: absolute; null: where a person would begin. */
  folders: { input: z.strictObject({ folder: path.nullable() }), output: folderListing },
  /** Asks the person with the system's dialog; null if they changed their mind. */
  'choose-folder': { input: none, output: z.object({ folder: z.string().nullable() }) },
  /** Shows a folder pair, or a file or folder in it, in the system's file manager. Nothing is run. */
  'show-file': { input: z.strictObject({ pair: pairChoice, path }), output: done },

  pairs: { input: none, output: z.object({ pairs: z.array(pairInfo) }) },
  /**
   * `folder`: absolute. Without `vault`, the vault is named after the folder. `isPaused`: nothing is synced yet, so that
   * `plan` can show what the first sync would do; `resume` begins it.
   */
  add: {
    input: z.strictObject({
      folder: path.min(1),
      vault: z.string().min(1).max(1020).nullable(),
      isPaused: z.boolean(),
    }),
    output: pairInfo.extend({ isNewVault: z.boolean() }),
  },
  /**
   * The pair's folder was moved or renamed, and is `folder` (absolute) from now on; what was left out of it stays so. Throws
   * `refused` (reason `not-its-folder`, `still-there` or as `add`) if it is another one, or a copy while the first is there.
   */
  locate: { input: z.strictObject({ pair: pairChoice.unwrap(), folder: path.min(1) }), output: pairInfo },
  /** Forgets the pair; files on both sides stay. */
  remove: { input: z.strictObject({ pair: pairChoice.unwrap() }), output: z.object({ pair: idField<PairId>() }) },

  plan: { input: z.strictObject({ pair: pairChoice, isVerbose: z.boolean() }), output: planPreview },
  /** Until nothing diverges, or nothing more can be done now. Progress comes as `status` events. */
  sync: { input: onPair, output: syncReport },
  /** `minutes`: resumes by itself after them; null: when asked to. */
  pause: {
    input: z.strictObject({ pair: pairChoice, minutes: z.int().min(1).max(longestPauseMinutes).nullable() }),
    output: z.object({ pairs: z.array(pairInfo) }),
  },
  resume: { input: onPair, output: z.object({ pairs: z.array(pairInfo) }) },
  /** Ends the process that serves this contract, after the running operation. */
  stop: { input: none, output: done },

  ls: {
    input: z.strictObject({ pair: pairChoice, path, isRecursive: z.boolean(), withDeleted: z.boolean() }),
    output: z.object({ entries: z.array(vaultEntry) }),
  },
  /**
   * A folder's content, or with `search` all below it whose name holds that text, sorted and by page; folders first when
   * sorted by name.
   */
  browse: {
    input: z.strictObject({
      pair: pairChoice,
      path,
      search: text.min(1).nullable(),
      withDeleted: z.boolean(),
      sort: sortKey,
      isDescending: z.boolean(),
      ...page,
    }),
    output: browsed,
  },
  versions: { input: onNode, output: z.object({ versions: z.array(versionInfo) }) },
  restore: {
    input: z.strictObject({ ...onNode.shape, revision: idField<RevisionId>().nullable() }),
    output: z.object({ batch: z.string() }),
  },
  /** Puts a copy of a file's revision (null: the current one) into the person's downloads folder. `file`: where it is. */
  'save-copy': {
    input: z.strictObject({ ...onNode.shape, revision: idField<RevisionId>().nullable() }),
    output: z.object({ file: z.string() }),
  },
  /** Puts a text of the window (a report, recovery words) into the person's downloads folder, as a file for them alone. */
  'save-text': {
    input: z.strictObject({ fileName: z.string().min(1).max(200), text: z.string().max(4_194_304) }),
    output: z.object({ file: z.string() }),
  },
  undo: {
    input: z.strictObject({ pair: pairChoice, batch: text.min(1) }),
    output: z.object({ batch: z.string(), skipped: z.array(z.string()) }),
  },
  /**
   * Newest first, over all pairs unless one is chosen; a pair that cannot be opened is left out then. `before`: the `next` of the
   * page before (null: nothing is older), or, of one pair, a batch.
   */
  activity: {
    input: z.strictObject({
      pair: pairChoice,
      limit: z.int().min(1).max(1000),
      before: z.string().min(1).max(65_536).nullable(),
    }),
    output: z.object({
      activity: z.array(activityItem.extend({ pair: idField<PairId>(), folder: z.string() })),
      next: z.string().nullable(),
    }),
  },
  trash: { input: onPair, output: z.object({ trash: z.array(trashItem) }) },
  /**
   * Brings an item of `trash` back beside what has its name by now: a local one into the folder (`path`: where it is), one of
   * the vault as a new batch. `where` null: the local one, or else the vault's.
   */
  'restore-trashed': {
    input: z.strictObject({
      pair: pairChoice,
      path,
      batch: text.min(1),
      copy: count.min(1),
      where: trashItem.shape.where.nullable(),
    }),
    output: z.object({ path: z.string().nullable(), batch: z.string().nullable() }),
  },
  /** Removes what the folders' trash on this computer holds from the disk, for good; nothing of the vault. How many files. */
  'empty-trash': { input: onPair, output: z.object({ files: count }) },

  /**
   * Takes a file or folder of the vault off this device (`isSelected` false) or brings it back; other devices keep it. What
   * was not sent yet stays on the disk. Both answer with all that is not selected now.
   */
  select: {
    input: z.strictObject({ pair: pairChoice, path, isSelected: z.boolean() }),
    output: z.object({ deselected: z.array(deselectedNode) }),
  },
  deselected: { input: onPair, output: z.object({ deselected: z.array(deselectedNode) }) },

  issues: {
    input: onPair,
    output: z.object({ issues: z.array(issue.extend({ pair: idField<PairId>(), folder: z.string() })) }),
  },
  /** `seen`: the message that the choice is about. If the issue says something else by now nothing is done: `conflict`. */
  resolve: {
    input: z.strictObject({ pair: pairChoice, issue: text.min(1), choice: text.min(1), seen: text.optional() }),
    output: z.object({ issue: z.string(), choice: z.string() }),
  },
  /** One decision for many issues; those that cannot take it are told and left as they are. */
  'resolve-many': {
    input: z.strictObject({ issues: z.array(issueRef).min(1).max(10_000), choice: text.min(1) }),
    output: bulkOutcome,
  },
  /** What held deletions would take, by page. */
  held: {
    input: z.strictObject({ pair: pairChoice, ...page }),
    output: z.object({ items: z.array(heldItem), total: count }),
  },
  why: { input: onNode, output: why },
  verify: {
    input: z.strictObject({ pair: pairChoice, isDeep: z.boolean() }),
    output: verifyReport.extend({ pairs: count }),
  },

  doctor: { input: none, output: doctorReport },
  'settings-get': { input: none, output: settings },
  'settings-set': { input: settingsChange, output: settings },
  /** The text of a pair's `.holdfastignore`, empty if there is none; it syncs like any file. */
  'ignore-get': { input: onPair, output: ignoreText },
  'ignore-set': { input: z.strictObject({ pair: pairChoice, text: z.string().max(65_536) }), output: ignoreText },
  /** The last minutes, oldest first. */
  throughput: { input: none, output: z.object({ samples: z.array(throughputSample) }) },
  diagnostics: { input: none, output: diagnostics },
} as const satisfies Readonly<Record<string, { readonly input: z.ZodType; readonly output: z.ZodType }>>;

export type CommandName = keyof typeof commands;
export type Input<N extends CommandName> = z.output<(typeof commands)[N]['input']>;
export type Output<N extends CommandName> = z.output<(typeof commands)[N]['output']>;

export const commandNames = Object.keys(commands) as readonly CommandName[];

/** One method a command. */
export type Calls = { readonly [N in CommandName]: (input: Input<N>) => Promise<Output<N>> };

/** The contract as an object: transports carry it, `app` implements it. */
export type Service = Calls & {
  /** Hears events until the returned function is called; begins with the present status. */
  readonly listen: (listener: (event: RpcEvent) => void) => () => void;
};
